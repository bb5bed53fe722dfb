"""What every screen and every job page starts from: the company, its day, its words."""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path

from workbench.documents.locale_format import LocaleFormat, locale_format
from workbench.jobs.current import current_run
from workbench.model.texts import translate, translate_plural
from workbench.store.workspace import Workspace, open_workspace
from workbench.widgets.markup import style


@dataclass(frozen=True, slots=True)
class Screen:
    """An opened workspace on a day.

    Attributes:
        as_of: Today.
        run_id: The run that the notebook is part of; None when a person opened it.
    """

    workspace: Workspace
    as_of: dt.date
    language: str
    currency: str
    company: str
    run_id: int | None = None

    @property
    def numbers(self) -> LocaleFormat:
        """The notation of amounts and dates."""
        return locale_format(self.language)

    def say(self, template: str, **values: object) -> str:
        """A marked message in the company's language, with its values filled in."""
        return translate(template, language=self.language).format(**values)

    def counted(self, singular: str, plural: str, number: int, **values: object) -> str:
        """A message about a number of things; `{count}` is that number as it is written."""
        template = translate_plural(singular, plural, number=number, language=self.language)
        return template.format(count=self.numbers.integer(number), **values)

    def money(self, amount_minor: int, currency: str | None = None) -> str:
        """An amount with its currency."""
        return self.numbers.money(amount_minor, currency or self.currency)

    def _repr_html_(self) -> str:
        day = self.say("Today is {date}", date=self.numbers.date(self.as_of))
        who = self.say("you act as {actor}", actor=self.workspace.actor)
        return (
            f'<style>{style()}</style><div class="wb wb-head"><strong>{escape(self.company)}'
            f"</strong><span>{escape(day)}</span>"
            f'<span class="wb-dim">{escape(who)}</span></div>'
        )


def open_screen(workspace: str = "", *, as_of: str = "") -> Screen:
    """Open a workspace as a notebook's parameters say.

    Args:
        workspace: Its folder; what WORKBENCH_HOME names when empty, else this folder.
        as_of: Today, as ISO 8601; the day of the workspace's clock when empty.

    Raises:
        NoWorkspaceError: The folder holds none.
    """
    opened = open_workspace(Path(workspace or os.environ.get("WORKBENCH_HOME") or "."))
    run = current_run()
    if run is not None:
        opened = replace(opened, actor=run.actor)
    settings = opened.settings
    today = dt.date.fromisoformat(as_of) if as_of else opened.clock().astimezone().date()
    return Screen(
        opened,
        today,
        settings.language,
        settings.currency,
        settings.company,
        None if run is None else run.run_id,
    )
