"""Uploaded files that wait to be imported: queries that never commit."""

from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session, col, delete, select

from quizapp.store.tables.exchange import UploadRow

KEPT_FOR: Final = timedelta(days=1)


def keep_upload(session: Session, handle: str, account_id: int, name: str, data: bytes, now: datetime) -> None:
    """Keep a file for its uploader, in the place of their last one; whatever is older than a day goes."""
    forgotten = (col(UploadRow.account_id) == account_id) | (col(UploadRow.uploaded_at) < now - KEPT_FOR)
    session.exec(delete(UploadRow).where(forgotten))
    session.add(UploadRow(handle=handle, account_id=account_id, name=name, data=data, uploaded_at=now))
    session.flush()


def find_upload(session: Session, handle: str, account_id: int) -> tuple[str, bytes] | None:
    """The name and bytes of an account's upload; None for anybody else's."""
    found = session.exec(
        select(UploadRow.name, UploadRow.data).where(UploadRow.handle == handle, UploadRow.account_id == account_id)
    ).first()
    return None if found is None else (found[0], found[1])


def drop_upload(session: Session, handle: str, account_id: int) -> None:
    """Forget an upload."""
    mine = (col(UploadRow.handle) == handle) & (col(UploadRow.account_id) == account_id)
    session.exec(delete(UploadRow).where(mine))
