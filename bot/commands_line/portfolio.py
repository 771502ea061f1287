"""``preflight portfolio``: the reviews that were held, and their minutes."""

from __future__ import annotations

import click


@click.group()
def portfolio() -> None:
    """List the reviews of the portfolio, and print their minutes. May run beside a serving bot."""


@portfolio.command(name="list")
def list_() -> None:
    """List the reviews, the newest first."""
    from bot.commands_line.incidents import moment_of_now
    from workflows.portfolio_review import PortfolioReview

    with moment_of_now() as moment, moment.store.read() as reading:
        found = reading.matters(PortfolioReview)
    for review in found:
        done = f"{len(review.verdicts)} of {len(review.queue)}"
        click.echo(f"{review.id:<8} {review.period:<8} {review.status:<10} {done}")
    click.echo(f"{len(found)} reviews.", err=True)


@portfolio.command()
@click.argument("id")
def minutes(id: str) -> None:
    """Print the minutes of the review ID as Markdown."""
    from bot.commands_line.incidents import moment_of_now
    from workflows.portfolio.minutes import minutes_of
    from workflows.portfolio_review import PortfolioReview

    with moment_of_now() as moment, moment.store.read() as reading:
        found = reading.get(PortfolioReview, id.upper())
        if found is None:
            raise click.ClickException(
                f"There is no review {id}. `preflight portfolio list` shows those there are."
            )
        text = minutes_of(found, reading.titles(found.queue), moment.program, reading.directory())
    click.echo(text, nl=False)
