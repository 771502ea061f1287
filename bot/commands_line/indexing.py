"""``preflight corpus reindex``, and what ``preflight corpus status`` says of the index of vectors."""

from __future__ import annotations

import json
import time
import urllib.request
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from bot.settings import Settings
    from storage.store import Store

_PATIENCE = 2.0


@click.command()
def reindex() -> None:
    """Build the index of vectors anew from what is stored, and look for every passage by its own vector.

    Never needed for correct answers: the bot checks its index whenever it starts, and follows the corpus.
    """
    from bot.settings import read_settings
    from knowledge.index import open_shelves
    from knowledge.onnx_graph import DIMENSIONS, FINGERPRINT
    from knowledge.shelves import IndexDown
    from knowledge.upkeep import Upkeep
    from storage.errors import AlreadyRunning
    from storage.store import open_store

    settings = read_settings()
    try:
        shelves = open_shelves(settings.chroma, settings.data_dir)
    except AlreadyRunning:
        raise click.ClickException(
            "A running bot owns the index in this folder. It checks it whenever it starts, and builds it "
            "anew where it disagrees with the corpus: restart the bot, or stop it and run this again."
        ) from None
    if shelves is None:
        click.echo("There is no index to build: with PREFLIGHT_CHROMA=memory vectors are searched in memory.")
        return
    store = open_store(settings)
    started = time.monotonic()
    try:
        upkeep = Upkeep(store, shelves, FINGERPRINT, DIMENSIONS)
        upkeep.clear()
        built = upkeep.catch_up(lambda: False)
        lost = upkeep.missing()
    except IndexDown as error:
        raise click.ClickException(f"The index cannot be built: {error}.") from None
    finally:
        shelves.close()
        store.close()
    took = time.monotonic() - started
    if lost:
        raise click.ClickException(f"{len(lost)} passages are not found by their own vectors. Try again.")
    rows = built.rows if built else 0
    click.echo(f"{rows} vectors indexed in {took:.1f} s; every passage is found by its own vector.")


def index_status(settings: Settings, store: Store) -> dict[str, Any]:
    """How the index stands: ``place``, ``state``, and where they are known ``vectors`` and ``wanted``."""
    from knowledge.index import open_shelves
    from knowledge.onnx_graph import DIMENSIONS, FINGERPRINT
    from knowledge.shelves import IndexDown
    from knowledge.upkeep import Upkeep
    from storage.errors import AlreadyRunning

    try:
        shelves = open_shelves(settings.chroma, settings.data_dir)
    except AlreadyRunning:
        return {"place": "the data folder", **_of_the_running_bot(settings)}
    if shelves is None:
        return {"place": "memory", "state": "in step"}
    try:
        held, wanted = Upkeep(store, shelves, FINGERPRINT, DIMENSIONS).counts()
    except IndexDown as error:
        return {"place": shelves.place, "state": "down", "why": str(error)}
    finally:
        shelves.close()
    state = "in step" if held == wanted else "behind"
    return {"place": shelves.place, "state": state, "vectors": held, "wanted": wanted}


def say_index(told: dict[str, Any]) -> str:
    """The same as a sentence."""
    if told["place"] == "memory":
        return "Index: none; vectors are searched in memory."
    if told["state"] == "down":
        return f"Index: down, {told['why']}. Questions are answered without it."
    if "wanted" in told:
        after = "" if told["state"] == "in step" else "; a running bot brings it in step"
        return f"Index: {told['vectors']} of {told['wanted']} vectors, {told['place']}{after}."
    count = f", {told['vectors']} vectors" if "vectors" in told else ""
    return f"Index: {told['state']}{count}, kept by the running bot."


def _of_the_running_bot(settings: Settings) -> dict[str, Any]:
    """What the bot that owns the index says of it, if it listens where the settings say."""
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host  # noqa: S104 - only compared
    try:
        address = f"http://{host}:{settings.port}/readyz"
        with urllib.request.urlopen(address, timeout=_PATIENCE) as answer:
            told = json.loads(answer.read(100_000))["index"]
            return {k: told[k] for k in ("state", "vectors", "why") if told[k]}
    except (OSError, ValueError, KeyError, TypeError):
        return {"state": "in use"}
