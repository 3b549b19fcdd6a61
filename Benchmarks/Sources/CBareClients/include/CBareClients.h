#pragma once

/// What the brokers' own libraries do without Martlet: the limit that it is compared with, for a process of its own.
///
///     rabbitmq publish URL EXCHANGE FILE COUNT     kafka publish BOOTSTRAP TOPIC FILE COUNT
///     rabbitmq drain URL QUEUE COUNT               kafka drain BOOTSTRAP TOPIC COUNT
///     rabbitmq relay URL QUEUE EXCHANGE COUNT      kafka relay BOOTSTRAP TOPIC TOPIC COUNT
///
/// Prints the seconds from the first message to the last one done, and the seconds of CPU. Returns 0; what goes wrong is
/// said on standard error and ends the process.
int bareClient(int count, char **arguments);

/// A receiver for HTTP on a free port of 127.0.0.1: prints the port, then takes every POST with 200 until its standard input ends.
/// A GET is answered with two numbers: how often the mark has come in bodies, and how many requests.
int bareReceiver(const char *mark);
