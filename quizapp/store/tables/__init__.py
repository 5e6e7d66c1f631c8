"""The tables. Nothing here validates: what comes in was validated by the schemas of core and the forms of web.

Learner-owned tables are keyed by learner first, so that one learner's rows lie together and a large installation can be
distributed by learner. No ``from __future__ import annotations`` in these modules: SQLModel's mapper reads the
annotations.
"""

from sqlmodel import SQLModel

from quizapp.store.tables.assessments import (
    AccommodationRow,
    AssessmentCardRow,
    AssessmentExceptionRow,
    AssessmentRow,
    AttemptQuestionRow,
    AttemptRow,
)
from quizapp.store.tables.assignments import (
    AssignmentCardRow,
    AssignmentChangeRow,
    AssignmentGroupRow,
    AssignmentRow,
    AssignmentStudentRow,
    CalendarFeedRow,
)
from quizapp.store.tables.authoring import (
    DeckFileRow,
    DraftEditorRow,
    DraftRow,
    DraftVersionRow,
    RegradedAnswerRow,
    RegradeRow,
)
from quizapp.store.tables.base import known_id, table_of
from quizapp.store.tables.claims import ClaimRow
from quizapp.store.tables.classes import (
    ClassGroupMemberRow,
    ClassGroupRow,
    ClassInviteRow,
    ClassMemberRow,
    ClassRequestRow,
    ClassRow,
    ClassTeacherRow,
    PasswordResetRow,
    StartPasswordRow,
)
from quizapp.store.tables.classpage import DismissedSignRow
from quizapp.store.tables.content import (
    CardRevisionRow,
    CardRow,
    CitationRow,
    DeckRow,
    SiblingRow,
    SourceBlockRow,
    SourceRow,
)
from quizapp.store.tables.drafting import ModelSuggestionRow, SuggestionMarkRow
from quizapp.store.tables.exchange import UploadRow
from quizapp.store.tables.identities import IdentityRow
from quizapp.store.tables.jobs import JobRow
from quizapp.store.tables.media import DeckMediumRow, FormerMediumRow, MediumRow
from quizapp.store.tables.memory import FitRow, RescheduledCardRow, RescheduleRow, SchedulingRow
from quizapp.store.tables.people import (
    AccessTokenRow,
    AccountRow,
    LearnerRow,
    SetupLinkRow,
    SignInRow,
    ThrottleRow,
)
from quizapp.store.tables.plans import ExamForecastRow, ExamPlanRow
from quizapp.store.tables.practice import PracticeAnswerRow, PracticeRow
from quizapp.store.tables.privacy import (
    AnonymousLearnerRow,
    AuditRow,
    ErasureRequestRow,
    LastSeenRow,
    PrivacyChoiceRow,
)
from quizapp.store.tables.reports import ErasedRow, ReportFileRow, ReportPieceRow
from quizapp.store.tables.study import CardStateRow, DeckProgressRow, DueCountRow, ReviewRow
from quizapp.store.tables.texts import RestedCardRow, TextRow
from quizapp.store.tables.two_factor import PendingSignInRow, RecoveryCodeRow, SecondFactorRow

__all__ = [
    "AccessTokenRow",
    "AccommodationRow",
    "AccountRow",
    "AnonymousLearnerRow",
    "AssessmentCardRow",
    "AssessmentExceptionRow",
    "AssessmentRow",
    "AssignmentCardRow",
    "AssignmentChangeRow",
    "AssignmentGroupRow",
    "AssignmentRow",
    "AssignmentStudentRow",
    "AttemptQuestionRow",
    "AttemptRow",
    "AuditRow",
    "CalendarFeedRow",
    "CardRevisionRow",
    "CardRow",
    "CardStateRow",
    "CitationRow",
    "ClaimRow",
    "ClassGroupMemberRow",
    "ClassGroupRow",
    "ClassInviteRow",
    "ClassMemberRow",
    "ClassRequestRow",
    "ClassRow",
    "ClassTeacherRow",
    "DeckFileRow",
    "DeckMediumRow",
    "DeckProgressRow",
    "DeckRow",
    "DismissedSignRow",
    "DraftEditorRow",
    "DraftRow",
    "DraftVersionRow",
    "DueCountRow",
    "ErasedRow",
    "ErasureRequestRow",
    "ExamForecastRow",
    "ExamPlanRow",
    "FitRow",
    "FormerMediumRow",
    "IdentityRow",
    "JobRow",
    "LastSeenRow",
    "LearnerRow",
    "MediumRow",
    "ModelSuggestionRow",
    "PasswordResetRow",
    "PendingSignInRow",
    "PracticeAnswerRow",
    "PracticeRow",
    "PrivacyChoiceRow",
    "RecoveryCodeRow",
    "RegradeRow",
    "RegradedAnswerRow",
    "ReportFileRow",
    "ReportPieceRow",
    "RescheduleRow",
    "RescheduledCardRow",
    "RestedCardRow",
    "ReviewRow",
    "SQLModel",
    "SchedulingRow",
    "SecondFactorRow",
    "SetupLinkRow",
    "SiblingRow",
    "SignInRow",
    "SourceBlockRow",
    "SourceRow",
    "StartPasswordRow",
    "SuggestionMarkRow",
    "TextRow",
    "ThrottleRow",
    "UploadRow",
    "known_id",
    "table_of",
]
