"""The chat model of the settings, as the playbook's answers are written with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Collection

    from knowledge.writing import Writer
    from workflows.people import Directory


def writer_of(settings: Settings) -> Writer | None:
    """What answers are written with; ``None`` where no model is set: then they are quotes."""
    chosen = settings.model
    if not chosen.name:
        return None
    # Imported here: without a model nobody pays for it.
    from knowledge.chat_model import ChatModel, Choice
    from knowledge.writing import Pricing, Writer

    choice = Choice(
        model=chosen.name,
        base_url=chosen.url,
        key=chosen.key.get_secret_value(),
        temperature=chosen.temperature,
        deadline=chosen.deadline,
    )
    pricing = None
    if chosen.price_in is not None and chosen.price_out is not None:
        pricing = Pricing(chosen.price_in, chosen.price_out)
    return Writer(ChatModel(choice), chosen.prompt, chosen.tokens, pricing)


def names_to_mask(settings: Settings, directory: Directory) -> Collection[str] | None:
    """The names of everybody, where personal data is to be masked; ``None`` where it is not."""
    if not settings.model.mask:
        return None
    return [person.name for person in directory.people.values() if person.name]
