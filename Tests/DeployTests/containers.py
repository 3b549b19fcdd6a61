"""The Dockerfile and the compose files, as far as they can be judged without Docker."""

import re
import subprocess

from files import ERRORS, read_yaml

SECRET = re.compile(r"password|passwd|secret|token|api[-_]?key", re.IGNORECASE)


def check(report):
    check_dockerfile(report, report.root / "deploy/docker/Dockerfile")
    for path in sorted((report.root / "deploy/compose").glob("*.yaml")):
        try:
            check_compose(report, path, read_yaml(path))
        except ERRORS:
            pass  # Told by files.py.


def instructions(path):
    """(instruction, arguments) of a Dockerfile, with continued lines joined and comments left out."""
    lines = [line for line in path.read_text().splitlines() if not line.lstrip().startswith("#")]
    text = re.sub(r"\\\n", " ", "\n".join(lines))
    return [tuple(line.split(None, 1)) for line in text.splitlines() if line.strip()]


def check_dockerfile(report, path):
    steps = instructions(path)

    def all_of(word):
        return [arguments for name, arguments in steps if name == word]

    def last(word):
        return (all_of(word) or [""])[-1]

    stages = [arguments.split(" AS ")[1].strip() for arguments in all_of("FROM") if " AS " in arguments]
    for image in all_of("FROM"):
        name = image.split()[0]
        report.require(name in stages or is_pinned(name), path, f"FROM {name} has no version")
    final = steps[max(index for index, step in enumerate(steps) if step[0] == "FROM") :]
    users = [arguments for name, arguments in final if name == "USER"]
    report.require(
        users and re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", users[-1]), path, "the last USER is not a number above 999"
    )
    for word in ("HEALTHCHECK", "ENTRYPOINT", "CMD", "STOPSIGNAL", "VOLUME", "LABEL"):
        report.require(last(word), path, f"there is no {word}")
    for word in ("ENTRYPOINT", "CMD"):
        report.require(
            last(word).startswith("["),
            path,
            f'{word} starts a shell, which would not pass the stop signal on: use ["…"]',
        )
    report.require(re.search(r"CMD \[", last("HEALTHCHECK")), path, 'HEALTHCHECK needs a shell: use CMD ["…"]')
    report.require(not all_of("ADD"), path, "ADD fetches and unpacks: use COPY")
    for word in ("ENV", "ARG"):
        report.require(
            not any(SECRET.search(each) for each in all_of(word)), path, f"{word} puts a secret into a layer"
        )
    for run in all_of("RUN"):
        if "apt-get install" in run:
            report.require("--no-install-recommends" in run, path, "apt-get install without --no-install-recommends")
            report.require("rm -rf /var/lib/apt/lists" in run, path, "apt-get leaves its lists in the layer")

    ignored = path.with_name("Dockerfile.dockerignore").read_text().splitlines()
    let_through = [line[1:] for line in ignored if line.startswith("!")]
    report.require("*" in ignored, path, "Dockerfile.dockerignore lets everything through that it does not name")
    for copy in all_of("COPY"):
        if copy.startswith("--from"):
            continue
        for source in copy.split()[:-1]:
            report.require((report.root / source).exists(), path, f"COPY {source}: there is no such file")
            ignored_by_git = is_ignored(report.root, source)
            report.require(not ignored_by_git, path, f"COPY {source}: git ignores it, so a clone lacks it")
            covered = any(source == entry or source.startswith(entry + "/") for entry in let_through)
            report.require(covered, path, f"COPY {source}: Dockerfile.dockerignore leaves it out")
    check_libraries(report, path, " ".join(all_of("RUN")))


def check_libraries(report, path, commands):
    """The image and the Debian package need the same libraries; both run the same binary."""
    dist = report.root / "Scripts/make-dist"
    depends = re.search(r"^Depends: (.*)$", dist.read_text(), re.MULTILINE).group(1)
    wanted = {re.sub(r" .*", "", name.strip()) for name in depends.split(",")} - {"libc6", "libgcc-s1"}
    found = set(re.findall(r"\blib[a-z0-9+-]+\b", commands)) - {"lib"}
    for name in sorted(wanted ^ found):
        one, other = (path, dist) if name in wanted else (dist, path)
        report.require(False, one, f"lacks the library {name}, which {report.name(other)} has")
    report.passed += len(wanted & found)


def is_ignored(root, path):
    command = ["git", "-C", root, "check-ignore", "--quiet", path]
    return subprocess.run(command, stderr=subprocess.DEVNULL).returncode == 0


def is_pinned(image):
    _, _, tag = image.rpartition("/")[2].partition(":")
    return "@sha256:" in image or (any(character.isdigit() for character in tag) and "latest" not in tag)


def check_compose(report, path, compose):
    if report.has("docker-compose", "the compose files by Docker's own schema"):
        # Version 1 does not know `name`, which is of the specification since.
        text = re.sub(r"^name:.*\n", "", path.read_text(), flags=re.MULTILINE)
        report.run(
            path, "docker-compose", "--file", "-", "--project-directory", path.parent, "config", "--quiet", input=text
        )
    services, volumes, secrets = (compose.get(key) or {} for key in ("services", "volumes", "secrets"))
    for name, service in services.items():

        def require(condition, message):
            report.require(condition, path, f"the service {name}: {message}")

        image = re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", service.get("image", ""))
        require(is_pinned(image) or "build" in service, f"its image {image} has no version")
        if "build" in service:
            require(
                (path.parent / service["build"]["context"] / service["build"]["dockerfile"]).exists(),
                "its Dockerfile is missing",
            )
        for key, value in (service.get("environment") or {}).items():
            require(not SECRET.search(key) or key.endswith("_FILE"), f"{key} is a secret in the clear: use secrets")
            require(isinstance(value, str), f"{key} is no text: put it in quotes")
        for port in service.get("ports") or []:
            require(
                re.match(r"127\.0\.0\.1:|\$\{\w+:-127\.0\.0\.1\}:", port), f"the port {port} is open to every network"
            )
        for mount in service.get("volumes") or []:
            source = mount.split(":")[0]
            known = (path.parent / source).is_file() if source.startswith(".") else source in volumes
            require(known, f"there is no {source} to mount")
        for secret in service.get("secrets") or []:
            require(secret in secrets, f"the secret {secret} is not declared")
        for other, how in (service.get("depends_on") or {}).items():
            require(other in services, f"it depends on {other}, which is no service")
            if how["condition"] == "service_healthy":
                require("healthcheck" in services.get(other, {}), f"{other} has no health check to wait for")
        if "restart" in service:
            # Martlet brings its own in the image.
            require("healthcheck" in service or "build" in service, "it stays up and has no health check")
    martlet = services.get("martlet", {})
    hardened = martlet.get("read_only") and martlet.get("cap_drop") == ["ALL"] and martlet.get("tmpfs") == ["/tmp"]
    report.require(hardened, path, "martlet runs without read_only, cap_drop: [ALL] or tmpfs: [/tmp]")
    report.require(
        "no-new-privileges:true" in martlet.get("security_opt", []), path, "martlet runs without no-new-privileges"
    )
