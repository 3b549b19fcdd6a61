#!/bin/sh
# Makes the users of the broker, each with what it needs and nothing else; once more changes their passwords.
# Run by the service `users`, or by hand where rabbitmqctl reaches a node.
set -eu
secrets="${SECRETS:-/run/secrets}"

# NAME PASSWORD-FILE: the password goes over standard input, so that no list of processes shows it.
user() {
    if rabbitmqctl --quiet list_users --no-table-headers | cut -f 1 | grep -qxF "$1"; then
        rabbitmqctl --quiet change_password "$1" <"$2"
    else
        rabbitmqctl --quiet add_user "$1" <"$2"
    fi
}

# NAME CONFIGURE WRITE READ: regular expressions over the names of exchanges and queues.
permissions() {
    rabbitmqctl --quiet set_permissions --vhost / "$1" "$2" "$3" "$4"
}

user admin "$secrets/rabbitmq-admin-password"
rabbitmqctl --quiet set_user_tags admin administrator
permissions admin '.*' '.*' '.*'

# Publishes; CloudStack declares its exchange with every event, which is to configure it.
user cloudstack "$secrets/rabbitmq-cloudstack-password"
permissions cloudstack '^cloudstack-events$' '^cloudstack-events$' '^$'

# Makes, binds and reads its own queues; reads from CloudStack's exchange, and cannot write to it.
user martlet "$secrets/rabbitmq-martlet-password"
permissions martlet '^martlet' '^martlet' '^(martlet.*|cloudstack-events)$'

# A node that was made without definitions has it, with a password that everybody knows.
if rabbitmqctl --quiet list_users --no-table-headers | cut -f 1 | grep -qxF guest; then
    rabbitmqctl --quiet delete_user guest
fi
