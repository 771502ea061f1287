"""The tables of releases, contracts, incidents, waivers, portfolio reviews and people's availability."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from storage.schema import AggregateColumns, Table


class MatterColumns(AggregateColumns):
    """What all of them are found by."""

    use_case: Mapped[str | None]
    name: Mapped[str]
    """What else it is known by: a version, a contract's own id, a period; empty for most."""
    status: Mapped[str]
    owner: Mapped[str | None]
    channel: Mapped[str | None]
    thread: Mapped[str | None]
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class Releases(MatterColumns, Table):
    """Releases; ``name`` is the version."""

    __tablename__ = "releases"
    __table_args__ = (
        Index("releases_use_case", "use_case", "opened_at"),
        Index("releases_status", "status", "opened_at"),
    )


class Contracts(MatterColumns, Table):
    """Data contracts; ``name`` is the id in their documents."""

    __tablename__ = "contracts"
    __table_args__ = (
        Index("contracts_name", "name", unique=True),
        Index("contracts_status", "status", "opened_at"),
    )


class Incidents(MatterColumns, Table):
    """Incidents."""

    __tablename__ = "incidents"
    __table_args__ = (
        Index("incidents_use_case", "use_case", "opened_at"),
        Index("incidents_status", "status", "opened_at"),
    )


class Waivers(MatterColumns, Table):
    """Waivers; ``name`` is the control."""

    __tablename__ = "waivers"
    __table_args__ = (
        Index("waivers_use_case", "use_case", "opened_at"),
        Index("waivers_status", "status", "opened_at"),
    )


class PortfolioReviews(MatterColumns, Table):
    """Reviews of the portfolio; ``name`` is the period."""

    __tablename__ = "portfolio_reviews"
    __table_args__ = (Index("portfolio_reviews_status", "status", "opened_at"),)


class Availabilities(MatterColumns, Table):
    """People's availability; the id is the person's."""

    __tablename__ = "availabilities"


class Subscriptions(MatterColumns, Table):
    """Who gets which digest; ``name`` is digest and address."""

    __tablename__ = "subscriptions"
    __table_args__ = (
        Index("subscriptions_name", "name", unique=True),
        Index("subscriptions_owner", "owner", "status"),
    )


class DigestIssues(MatterColumns, Table):
    """Digests as they were posted; ``name`` is subscription and period: so none is posted twice."""

    __tablename__ = "digest_issues"
    __table_args__ = (
        Index("digest_issues_name", "name", unique=True),
        Index("digest_issues_status", "status", "opened_at"),
    )


class CheckIns(MatterColumns, Table):
    """Weekly check-ins; ``name`` is use case and week."""

    __tablename__ = "check_ins"
    __table_args__ = (
        Index("check_ins_name", "name", unique=True),
        Index("check_ins_status", "status", "opened_at"),
        Index("check_ins_owner", "owner", "status"),
    )


class Feedbacks(MatterColumns, Table):
    """Feedback."""

    __tablename__ = "feedbacks"
    __table_args__ = (
        Index("feedbacks_use_case", "use_case", "opened_at"),
        Index("feedbacks_status", "status", "opened_at"),
    )


class Plans(MatterColumns, Table):
    """90-day plans."""

    __tablename__ = "plans"
    __table_args__ = (Index("plans_status", "status", "opened_at"),)


class Learners(MatterColumns, Table):
    """How far people are on their learning paths; the id is the person's."""

    __tablename__ = "learners"
