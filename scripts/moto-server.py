"""moto's server as the conformance run needs it. Usage: moto-server.py PORT, on 127.0.0.1; ends on SIGTERM.

One request is handled at a time. moto's own server lets its threads change the dictionaries that others are iterating
over: of calls side by side one now and then ends with "dictionary changed size during iteration", a page of status 500.
"""
import logging
import signal
import sys
import threading

from moto import backends
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import run_simple

application = DomainDispatcherApplication(create_backend_app)
one_at_a_time = threading.Lock()


def handle(environ, start_response):
    with one_at_a_time:
        return application(environ, start_response)


# It reads the directory of its own modules for every request, a fifth of its work.
modules = tuple(backends.list_of_moto_modules())
backends.list_of_moto_modules = lambda: modules

# A line per request, which nobody reads.
logging.getLogger("werkzeug").setLevel(logging.WARNING)
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
run_simple("127.0.0.1", int(sys.argv[1]), handle, threaded=True, request_handler=MotoRequestHandler)
