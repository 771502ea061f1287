"""users.* and usergroups.*: who there is."""

from __future__ import annotations

from sandbox.methods.registry import Call, SlackError, method, page
from sandbox.model import Json, Person


def _person(call: Call) -> Person:
    found = call.world.people.get(call.need("user"))
    if found is None:
        raise SlackError("user_not_found")
    return found


def _shown(call: Call, person: Person) -> Json:
    return person.as_slack(call.world.team["id"], with_email="users:read.email" in call.app.scopes)


@method("users.info", "users:read", per_minute=100)
def users_info(call: Call) -> Json:
    """Describe one person."""
    return {"user": _shown(call, _person(call))}


@method("users.list", "users:read", per_minute=20)
def users_list(call: Call) -> Json:
    """List everyone, deactivated people too, a page at a time."""
    everyone = list(call.world.people.values())
    some, metadata = page(call, everyone, default=len(everyone) or 1)
    answer: Json = {"members": [_shown(call, p) for p in some], "cache_ts": int(float(call.world.new_ts()))}
    return answer | {"response_metadata": metadata}


@method("users.lookupByEmail", "users:read.email", per_minute=50)
def users_lookup_by_email(call: Call) -> Json:
    """Find someone by address."""
    email = call.need("email").lower()
    for person in call.world.people.values():
        if person.email.lower() == email and not person.deleted:
            return {"user": _shown(call, person)}
    raise SlackError("users_not_found")


@method("users.profile.get", "users.profile:read", per_minute=100)
def users_profile_get(call: Call) -> Json:
    """The profile of one person."""
    person = call.world.people.get(call.text("user") or call.app.bot_user)
    if person is None:
        raise SlackError("user_not_found")
    return {"profile": _shown(call, person)["profile"]}


@method("usergroups.list", "usergroups:read", per_minute=20)
def usergroups_list(call: Call) -> Json:
    """List the user groups."""
    team = call.world.team["id"]
    return {
        "usergroups": [
            g.as_slack(
                team, include_users=call.flag("include_users"), include_count=call.flag("include_count")
            )
            for g in call.world.groups.values()
        ]
    }


@method("usergroups.users.list", "usergroups:read", per_minute=20)
def usergroups_users_list(call: Call) -> Json:
    """List the members of a user group."""
    group = call.world.groups.get(call.need("usergroup"))
    if group is None:
        raise SlackError("no_such_subteam")
    return {"users": list(group.users)}
