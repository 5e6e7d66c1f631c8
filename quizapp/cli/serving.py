"""`quizapp serve`: the server, which runs until it is stopped."""

import click

from quizapp.cli.base import cli
from quizapp.server import DEFAULT_HOST, DEFAULT_PORT, default_workers, serve_forever
from quizapp.settings import Settings, load_settings


def _settings_help() -> str:
    lines = [f"QUIZAPP_{name.upper()}\n    {field.description}" for name, field in Settings.model_fields.items()]
    return "\b\nSettings, from the environment:\n" + "\n".join(lines)


@cli.command(epilog=_settings_help())
@click.option("--host", default=DEFAULT_HOST, show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=DEFAULT_PORT, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on."
)
@click.option("--workers", default=default_workers(), show_default=True, type=click.IntRange(1, 64), help="Processes.")
def serve(host: str, port: int, workers: int) -> None:
    """Serve the app until it is stopped with Ctrl+C."""
    serve_forever(load_settings(), host, port, workers)
