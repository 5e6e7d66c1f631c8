"""The entry point of the command line."""

import errno
import os
import sys
from pathlib import Path

import click
from sqlalchemy.exc import SQLAlchemyError

from quizapp.cli.base import cli
from quizapp.core.errors import Invalid, QuizappError
from quizapp.store.damage import is_damage, is_full
from quizapp.store.engine import UnsafeSQLite


def _explain(error: SQLAlchemyError) -> str:
    reason = (str(getattr(error, "orig", None) or error).strip().splitlines() or [type(error).__name__])[0]
    if is_damage(error):
        return (
            f"The database is damaged: {reason}. Stop the server and go back to the last good backup:"
            " quizapp db restore FILE"
        )
    if is_full(error):
        return "There is no room left on the disk of the database. Make room, then try again; nothing is lost."
    return f"The database does not answer: {reason}. Check QUIZAPP_DATABASE_URL."


def _explain_system(error: OSError) -> str:
    said = f"{error.strerror or error}: {error.filename or ''}".rstrip(": ")
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM) and error.filename:
        return f"{said}. Quizapp must be able to write there; QUIZAPP_DATA_DIR names another place for its data."
    missing = Path(os.fsdecode(error.filename)).parent if error.errno == errno.ENOENT and error.filename else None
    if missing is not None and not missing.is_dir():
        return f"There is no folder {missing}. Make it first, or name another place."
    return said


def main() -> None:
    """The entry point: no traceback ever reaches a person."""
    try:
        cli.main(standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("Stopped.", err=True)
        sys.exit(1)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except QuizappError as error:
        click.echo(f"Error: {error.message}", err=True)
        for name, sentence in error.fields.items() if isinstance(error, Invalid) else ():
            click.echo(f"  {name}: {sentence}", err=True)
        sys.exit(1)
    except UnsafeSQLite as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(1)
    except SQLAlchemyError as error:
        click.echo(f"Error: {_explain(error)}", err=True)
        sys.exit(1)
    except OSError as error:
        click.echo(f"Error: {_explain_system(error)}", err=True)
        sys.exit(1)
    except Exception as error:  # noqa: BLE001 - the last catch: whatever it is, it is a mistake of ours
        said = " ".join(str(error).split())
        click.echo(ascii(f"Error: A mistake of Quizapp's own: {type(error).__name__}: {said}.")[1:-1], err=True)
        click.echo("Please report this line with the command that you gave.", err=True)
        sys.exit(1)
