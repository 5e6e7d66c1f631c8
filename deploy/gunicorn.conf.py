"""Gunicorn by hand: gunicorn -c deploy/gunicorn.conf.py 'quizapp.server:make_app()'.

`quizapp serve` has the same settings built in and starts `quizapp work` and the metrics beside it. Started this way,
run `quizapp work` as a service of its own.
"""

bind = "0.0.0.0:8000"
workers = 3  # two for each core, less one for the database where it is on this machine
worker_class = "quizapp.server.PatientWorker"
threads = 16
keepalive = 10
preload_app = True
timeout = 60
graceful_timeout = 20
loglevel = "warning"
control_socket_disable = True
# Believe no header about proxies: the app does that itself, for as many as QUIZAPP_TRUSTED_PROXIES names.
forwarded_allow_ips = ""
forwarder_headers = ""
secure_scheme_headers = {}
