"""What a learner studies by: a query that never commits."""

import sqlalchemy as sa
from sqlmodel import Session

from quizapp.store.prepared import Prepared
from quizapp.store.tables import FitRow, LearnerRow, table_of

_learner, _fit = table_of(LearnerRow), table_of(FitRow)
_OWN = Prepared(
    sa.select(
        *(_learner.c.choices, sa.func.coalesce(_fit.c.parameters, ""), sa.func.coalesce(_fit.c.prior, "")),
        _learner.c.fit_id,
    )
    .select_from(_learner)
    .outerjoin(_fit, _fit.c.id == _learner.c.fit_id)
    .where(_learner.c.id == sa.bindparam("learner"))
)


def find_own_rules(session: Session, learner_id: int) -> tuple[str, str, str, int | None]:
    """A learner's choices, the parameters in use and the prior that goes with them, each as JSON or blank.

    The last is the fit that these parameters are from, if any.
    """
    choices, parameters, prior, fit_id = _OWN.first(session, {"learner": learner_id}) or ("", "", "", None)
    return choices, parameters, prior, fit_id
