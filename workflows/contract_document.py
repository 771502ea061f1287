"""The document of a data contract: the Open Data Contract Standard, version 3, as far as we hold it to more.

What the standard leaves optional and a use case relies on (meaning, unit, owner, promises) is asked for in
``contract_reading``; what it has and we do not use is kept as it is. Source: the standard's repository,
bitol-io/open-data-contract-standard, v3.0.0 to v3.2.0.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

LogicalType = Literal[
    "string", "date", "timestamp", "time", "number", "integer", "object", "array", "boolean", "map"
]
ApiVersion = Literal["v3.0.0", "v3.0.1", "v3.0.2", "v3.1.0", "v3.2.0"]
Scalar = str | int | float | bool | None
SEMVER = r"^(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})$"
NAME = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$"


class Part(BaseModel):
    """A part of the document: fields that the standard does not have are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class CustomProperty(Part):
    """A property that is not in the standard, by name."""

    property: str
    value: Any = None
    id: str | None = None
    description: str | None = None


class Definition(Part):
    """A link to what defines an element; of type ``sourceOfTruth`` it names the system that is right."""

    type: str
    url: str
    id: str | None = None
    description: str | None = None


class Allowed(Part):
    """One value of an enumeration (v3.2)."""

    value: Scalar
    label: str | None = None
    description: str | None = None
    id: str | None = None
    tags: Any = None
    deprecated: bool | None = None
    customProperties: tuple[CustomProperty, ...] = ()
    authoritativeDefinitions: tuple[Definition, ...] = ()


class Rule(Part):
    """A rule of quality. With a ``metric`` and one operator it is compared with what is measured."""

    type: Literal["library", "text", "sql", "custom"] | None = None
    metric: str | None = None
    rule: str | None = None
    name: str | None = None
    description: str | None = None
    arguments: dict[str, Any] | None = None
    mustBe: Scalar = None
    mustNotBe: Scalar = None
    mustBeGreaterThan: float | None = None
    mustBeGreaterOrEqualTo: float | None = None
    mustBeLessThan: float | None = None
    mustBeLessOrEqualTo: float | None = None
    mustBeBetween: tuple[float, float] | None = None
    mustNotBeBetween: tuple[float, float] | None = None
    unit: str | None = None
    dimension: str | None = None
    severity: str | None = None
    businessImpact: str | None = None
    query: str | None = None
    engine: str | None = None
    implementation: Any = None
    method: str | None = None
    scheduler: str | None = None
    schedule: str | None = None
    id: str | None = None
    tags: Any = None
    customProperties: tuple[CustomProperty, ...] = ()
    authoritativeDefinitions: tuple[Definition, ...] = ()


class Element(Part):
    """What objects and properties have in common."""

    name: str = Field(min_length=1, max_length=200)
    id: str | None = None
    description: str | None = None
    businessName: str | None = None
    logicalType: LogicalType | None = None
    physicalName: str | None = None
    physicalType: str | None = None
    deprecated: bool | None = None
    quality: tuple[Rule, ...] = ()
    customProperties: tuple[CustomProperty, ...] = ()
    authoritativeDefinitions: tuple[Definition, ...] = ()
    synonyms: Any = None
    tags: Any = None
    relationships: Any = None


class Items(Part):
    """What an array holds."""

    name: str | None = None
    description: str | None = None
    logicalType: LogicalType | None = None
    physicalType: str | None = None
    logicalTypeOptions: dict[str, Any] | None = None
    enum: tuple[Allowed | Scalar, ...] | None = None
    items: Items | None = None
    properties: tuple[Property, ...] = ()


class Property(Element):
    """A field."""

    required: bool = False
    unique: bool = False
    primaryKey: bool = False
    primaryKeyPosition: int | None = None
    logicalTypeOptions: dict[str, Any] | None = None
    enum: tuple[Allowed | Scalar, ...] | None = None
    items: Items | None = None
    map: dict[str, Any] | None = None
    properties: tuple[Property, ...] = ()
    classification: str | None = None
    examples: Any = None
    criticalDataElement: bool | None = None
    encryptedName: str | None = None
    partitioned: bool | None = None
    partitionKeyPosition: int | None = None
    semanticType: str | None = None
    defaultValue: Any = None
    transformDescription: str | None = None
    transformLogic: str | None = None
    transformSourceObjects: Any = None


class Table(Element):
    """An object of the schema: a table, a file, a message."""

    properties: tuple[Property, ...] = Field(json_schema_extra={"minItems": 1})
    dataGranularityDescription: str | None = None


class Promise(Part):
    """A property of the service: how fresh, how complete, how late, how wrong at most."""

    property: str = Field(min_length=1)
    value: Scalar
    valueExt: Scalar = None
    unit: str | None = None
    element: str | None = None
    driver: str | None = None
    description: str | None = None
    id: str | None = None
    scheduler: str | None = None
    schedule: str | None = None
    customProperties: tuple[CustomProperty, ...] = ()


class Member(Part):
    """Somebody of the supplying side; ``username`` is a Slack handle, an e-mail address, a name or an id."""

    username: str = Field(min_length=1)
    name: str | None = None
    role: str | None = None
    description: str | None = None
    dateIn: str | None = None
    dateOut: str | None = None
    replacedByUsername: str | None = None
    id: str | None = None
    tags: Any = None
    customProperties: tuple[CustomProperty, ...] = ()
    authoritativeDefinitions: tuple[Definition, ...] = ()


class Team(Part):
    """The supplying side."""

    name: str | None = None
    description: str | None = None
    members: tuple[Member, ...] = ()
    id: str | None = None
    tags: Any = None
    customProperties: tuple[CustomProperty, ...] = ()
    authoritativeDefinitions: tuple[Definition, ...] = ()


class About(Part):
    """What it is for."""

    purpose: str | None = None
    limitations: str | None = None
    usage: str | None = None
    customProperties: tuple[CustomProperty, ...] = ()
    authoritativeDefinitions: tuple[Definition, ...] = ()


class Document(Part):
    """A data contract."""

    apiVersion: ApiVersion
    kind: Literal["DataContract"]
    id: str = Field(pattern=NAME)
    version: str = Field(pattern=SEMVER)
    status: Literal["proposed", "draft", "active", "deprecated", "retired"] = "active"
    name: str = Field(min_length=1, max_length=120)
    domain: str | None = None
    dataProduct: str | None = None
    tenant: str | None = None
    description: About | None = None
    team: Team | tuple[Member, ...]
    tables: tuple[Table, ...] = Field(alias="schema", json_schema_extra={"minItems": 1})
    slaProperties: tuple[Promise, ...] = ()
    slaDefaultElement: str | None = None
    customProperties: tuple[CustomProperty, ...] = ()
    authoritativeDefinitions: tuple[Definition, ...] = ()
    contractCreatedTs: str | None = None
    roles: Any = None
    servers: Any = None
    support: Any = None
    price: Any = None
    tags: Any = None

    @property
    def members(self) -> tuple[Member, ...]:
        """The people of the supplying side, in either form that the standard has for them."""
        return self.team.members if isinstance(self.team, Team) else self.team

    @property
    def owner(self) -> Member | None:
        """Who answers for the data: the first member still there whose role says owner."""
        return next((m for m in self.members if "owner" in (m.role or "").lower() and not m.dateOut), None)


def custom(properties: tuple[CustomProperty, ...], name: str) -> Any:
    """The value of the custom property of that name; ``None`` where there is none."""
    return next((p.value for p in properties if p.property == name), None)


Items.model_rebuild()
Property.model_rebuild()
