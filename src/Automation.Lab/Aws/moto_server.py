"""moto as the lab's account: a step that AWS does at once happens at once here, too, and no request costs more than its answer."""

import copy
import functools
import gc
import io
import logging
import threading
import traceback
from types import SimpleNamespace

from botocore.loaders import Loader
from moto import backends, server
from moto.core import responses
from moto.dynamodb import models as dynamodb
from moto.dynamodb.models import DynamoType, Table
from moto.dynamodb.responses import DynamoHandler
from moto.moto_server.werkzeug_app import DomainDispatcherApplication
from moto.secretsmanager.models import SecretsStore
from moto.secretsmanager.responses import SecretsManagerResponse
from werkzeug.exceptions import InternalServerError
from werkzeug.serving import WSGIRequestHandler
from werkzeug.test import run_wsgi_app

# One call at a time.
#
# DynamoDB checks a condition and writes in one step; moto, which answers on many threads, does not, and gives the same key to
# two claimants. Its Secrets Manager looks a secret up in a list that another thread may be adding to, and falls over.


def one_at_a_time(handler_class):
    turn = threading.RLock()
    call_action = handler_class.call_action

    def call_alone(handler):
        with turn:
            return call_action(handler)

    handler_class.call_action = call_alone


one_at_a_time(DynamoHandler)
one_at_a_time(SecretsManagerResponse)

# Transactions.
#
# DynamoDB knows one again by its ClientRequestToken and answers it as it did, so that the SDK may retry one whose answer was
# lost; moto would refuse the second. To be able to take one back, moto copies the whole table before each; here, what the
# transaction writes is copied, and all else is the same before and after.

answers = {}
written = []
write = DynamoHandler.transact_write_items


def write_once(handler):
    token = handler.body.get("ClientRequestToken")
    if token is not None and token in answers:
        return answers[token]
    operations = [operation for item in handler.body["TransactItems"] for operation in item.values()]
    written[:] = [operation.get("Key") or operation.get("Item", {}) for operation in operations]
    answer = write(handler)
    if token is not None:
        answers[token] = answer
    return answer


def copy_for_transaction(value):
    if not isinstance(value, Table):
        return copy.deepcopy(value)
    before = copy.copy(value)
    before.items = copy.copy(value.items)
    for attributes in written:
        key = attributes.get(value.hash_key_attr)
        if key is not None and DynamoType(key) in before.items:
            before.items[DynamoType(key)] = copy.deepcopy(before.items[DynamoType(key)])
    return before


DynamoHandler.transact_write_items = write_once
dynamodb.copy = SimpleNamespace(deepcopy=copy_for_transaction)

# What takes as long as the answer.
#
# For every request moto asks the disk for the names of all services that it knows, looks at every member of a class for the
# names of its methods, tries the patterns of all their hosts, and writes a line to its log; it looks through all secrets for
# one. All these are asked for once, a secret by its name, and the log is left to what went wrong. What is imported stays: the
# garbage collector need not look at it again.

list_modules = backends.list_of_moto_modules
backends.list_of_moto_modules = functools.cache(lambda: frozenset(list_modules()))
responses.method_names_from_class = functools.cache(responses.method_names_from_class)
DomainDispatcherApplication.get_backend_for_host = functools.cache(DomainDispatcherApplication.get_backend_for_host)
logging.getLogger("werkzeug").setLevel(logging.WARNING)

services = {}
list_services = Loader.list_available_services


def list_services_once(loader, type_name):
    if type_name not in services:
        services[type_name] = list_services(loader, type_name)
    return services[type_name]


Loader.list_available_services = list_services_once


def by_name(method):
    def look(store, key):
        # A whole ARN ends in a hyphen and six characters that are not part of the name.
        name = key.rsplit(":", 1)[-1][:-7] if key.startswith("arn:") else key
        secret = dict.get(store, name)
        return method(store, key, secret if secret is not None and key in (secret.arn, secret.name) else None)

    return look


get, contains, find = SecretsStore.__getitem__, SecretsStore.__contains__, SecretsStore.get
SecretsStore.__getitem__ = by_name(lambda store, key, secret: secret or get(store, key))
SecretsStore.__contains__ = by_name(lambda store, key, secret: secret is not None or contains(store, key))
SecretsStore.get = by_name(lambda store, key, secret: secret or find(store, key))

gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 50)

# Connections.
#
# Its HTTP server begins a thread and a connection for each request and writes an answer line by line, because it does not know
# how to skip a body that nobody read. Here a body is read whole before anybody asks for it: then a connection may stay, as
# AWS's do, and a request costs half.


class Staying(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1

    def run_wsgi(self):
        if "Transfer-Encoding" in self.headers:
            return super().run_wsgi()  # closes the connection
        self.wfile.flush()  # who expects to be told to go on is told
        environ = self.make_environ()
        environ["wsgi.input"] = io.BytesIO(self.rfile.read(int(self.headers.get("Content-Length", 0))))
        try:
            body, status, headers = run_wsgi_app(self.server.app, environ, buffered=True)
        except Exception:
            self.server.log("error", traceback.format_exc())
            body, status, headers = run_wsgi_app(InternalServerError(), environ, buffered=True)
        content = b"".join(body)
        headers.setdefault("Content-Length", len(content))
        code, phrase = status.split(None, 1)
        self.send_response(int(code), phrase)
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)


server.run_simple = functools.partial(server.run_simple, request_handler=Staying)
server.main()
