"""Serves an application of OpenStack's on loopback, one request after the other: SQLite fails where two want to write at once.

    serve.py MODULE PORT

In production uWSGI or Apache stands here; Werkzeug comes with Keystone. Which configuration the application reads is said in
its environment.
"""
import importlib
import sys

from werkzeug.serving import run_simple

module, port = sys.argv[1:]
# The services read the command line as well.
sys.argv = sys.argv[:1]
run_simple("127.0.0.1", int(port), importlib.import_module(module).application)
