"""The reports of a class: one function, ``making.make_report``, behind the page, the command line and the API."""
