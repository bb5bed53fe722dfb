"""Every step of the house names the role that it takes, and is refused without it."""

from __future__ import annotations

import ast
import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import workbench
from workbench.collection import journal
from workbench.collection.decisions import allow_posting, ignore
from workbench.collection.deliveries import export
from workbench.collection.settlement import post_payments
from workbench.collection.suggest import suggest
from workbench.jobs.queue import add_entry
from workbench.reports.verification import verify
from workbench.store import identity, users
from workbench.store.people import ROLES, MissingRoleError, Role
from workbench.store.users import (
    LastAdministratorError,
    NotOwnerError,
    UnknownUserError,
    UserExistsError,
)
from workbench.store.workspace import Workspace

PACKAGE = Path(workbench.__file__).parent
DAY = dt.date(2026, 12, 2)

#: Steps that name no role, and why.
WITHOUT = {
    "init": "whoever makes a workspace is its first user",
    "administrator_recovered": "the owner of the files, where no administrator can sign in",
    "restored": "the files were the restorer's own already",
    "backup_made": "whoever reads the files may copy them; made before a migration as well",
    "retention_finished": "finishes what an administrator approved, after a crash",
    "unrecorded_file_discarded": "takes back what a crash left",
    "delivery_unknown": "says what a crash left",
    "delivery_sent": "the end of a sending for which the role was asked",
    "run_started": "what the run does asks for its own roles",
    "run_ended": "as run_started, or after a crash",
    "run_refused": "as run_started",
    "period_state": "asks for the role that the period's state takes, inside",
    "close_month": "as period_state",
}


def steps() -> Iterator[tuple[str, ast.Call]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "transaction"
            ):
                yield f"{path.relative_to(PACKAGE)}:{node.lineno}", node


def role_of(call: ast.Call) -> str | None:
    found = [ast.unparse(word.value) for word in call.keywords if word.arg == "role"]
    return None if found in ([], ["None"]) else found[0]


def test_every_step_names_its_role() -> None:
    found = list(steps())
    assert len(found) > 30
    named = {ast.literal_eval(call.args[0]) for _, call in found if role_of(call) is None}
    assert named == set(WITHOUT)


def test_roles_that_are_named_exist() -> None:
    for place, call in steps():
        role = role_of(call)
        words = {
            node.value
            for word in call.keywords
            if word.arg == "role"
            for node in ast.walk(word.value)
            if isinstance(node, ast.Constant) and node.value is not None
        }
        assert words <= set(ROLES), (place, role)


# -- refusals --------------------------------------------------------------------------------


def lines(workspace: Workspace) -> list[tuple[int, int]]:
    with workspace.read() as reader:
        return reader.rows("SELECT collection_line_id, version FROM collection_line LIMIT 2")


def held(workspace: Workspace) -> tuple[int, int]:
    with workspace.read() as reader:
        return tuple(
            reader.rows(
                "SELECT payment_line_id, outcome_id FROM current_outcome "
                "WHERE outcome = 'held' LIMIT 1"
            )[0]
        )


STEPS: dict[str, tuple[Role, Callable[[Workspace], object]]] = {
    "stop": ("prepare", lambda w: journal.stop(w, lines(w), reason="x", as_of=DAY)),
    "ignore": (
        "prepare", lambda w: ignore(w, held(w)[0], seen_outcome=held(w)[1], reason="x")
    ),
    "approve": ("approve", lambda w: journal.approve(w, lines(w), as_of=DAY)),
    "allow": ("approve", lambda w: allow_posting(w, [held(w)[0]])),
    "post": ("post", lambda w: post_payments(w, as_of=DAY)),
    "queue": (
        "administer",
        lambda w: add_entry(w, "post_journal", start_time=dt.time(7)),
    ),
    "grant": ("administer", lambda w: users.grant(w, "bo", roles=ROLES)),
}  # fmt: skip


@pytest.mark.parametrize("step", STEPS)
def test_a_step_without_its_role_is_refused(
    step: str, at_stage: Callable[[str], Workspace]
) -> None:
    workspace = at_stage("read")
    role, act = STEPS[step]
    others = [other for other in ROLES if other != role]
    users.add(workspace, "bo", name="Bo", roles=others)
    with workspace.read() as reader:
        before = reader.seq
    with pytest.raises(MissingRoleError, match=f"'bo' does not have the role '{role}'") as no:
        act(replace(workspace, actor="bo"))
    administering = {"Bo", workspace.actor} if "administer" in others else {workspace.actor}
    assert set(no.value.administrators) == administering
    with workspace.read() as reader:
        assert reader.seq == before
    verify(workspace).require()


def test_suggesting_without_the_role_is_refused(
    at_stage: Callable[[str], Workspace],
) -> None:
    workspace = at_stage("open")
    users.add(workspace, "bo", name="Bo", roles=["approve"])
    with pytest.raises(MissingRoleError, match="'prepare'"):
        suggest(replace(workspace, actor="bo"), system="BS", as_of=dt.date(2026, 10, 12))


def test_sending_without_the_role_leaves_no_file(
    at_stage: Callable[[str], Workspace],
) -> None:
    workspace = at_stage("open")
    suggest(workspace, system="BS", as_of=dt.date(2026, 10, 12))
    with workspace.transaction("approved", role="approve") as transaction:
        transaction.execute("UPDATE collection_line SET status = 'approved'")
    users.add(workspace, "bo", name="Bo", roles=["prepare", "approve"])
    with pytest.raises(MissingRoleError):
        export(replace(workspace, actor="bo"), system="BS", as_of=dt.date(2026, 10, 12))
    assert list(workspace.outbox.iterdir()) == []


def test_a_stranger_is_told_who_lets_them_in(workspace: Workspace) -> None:
    stranger = replace(workspace, actor="eva")
    with (
        pytest.raises(MissingRoleError, match="'eva' is not a user of this workspace") as no,
        stranger.transaction("try", role="prepare"),
    ):
        pass
    assert f"{workspace.actor} can change that" in str(no.value)
    assert 'workbench user add eva "NAME" --role prepare' in str(no.value)


# -- users -----------------------------------------------------------------------------------


@pytest.fixture
def workspace(at_stage: Callable[[str], Workspace]) -> Workspace:
    return at_stage("empty")


def roles_of(workspace: Workspace, login: str) -> str:
    with workspace.read() as reader:
        (row,) = [r for r in users.listing(reader).to_dicts() if r["login"] == login]
    return str(row["roles"]) if row["active"] else "not active"


def test_roles_come_and_go_and_are_kept(workspace: Workspace) -> None:
    users.add(workspace, "bo", name="Bo Berg", roles=["prepare"])
    users.grant(workspace, "bo", roles=["post", "prepare"])
    assert roles_of(workspace, "bo") == "prepare post"
    users.revoke(workspace, "bo", roles=["prepare"])
    users.deactivate(workspace, "bo")
    assert roles_of(workspace, "bo") == "not active"
    with (
        pytest.raises(MissingRoleError, match="'bo' is not active any more"),
        replace(workspace, actor="bo").transaction("try", role="post"),
    ):
        pass
    users.grant(workspace, "bo", roles=["approve"])
    assert roles_of(workspace, "bo") == "approve"
    with workspace.read() as reader:
        events = reader.rows(
            "SELECT role, granted FROM role_event JOIN user_account USING (user_id) "
            "WHERE login = 'bo' ORDER BY event_id"
        )
        seq = reader.seq
    assert events == [("prepare", 1), ("post", 1), ("prepare", 0), ("post", 0), ("approve", 1)]
    users.grant(workspace, "bo", roles=["approve"])
    users.revoke(workspace, "bo", roles=["administer"])
    with workspace.read() as reader:
        assert reader.seq == seq, "what changes nothing is no step"
    verify(workspace).require()


def test_the_last_administrator_stays(workspace: Workspace) -> None:
    maker = workspace.actor
    with pytest.raises(LastAdministratorError):
        users.revoke(workspace, maker, roles=["administer"])
    with pytest.raises(LastAdministratorError):
        users.deactivate(workspace, maker)
    assert roles_of(workspace, maker) == "prepare approve post administer"
    users.add(workspace, "bo", name="Bo", roles=["administer"])
    users.revoke(workspace, maker, roles=["administer"])
    assert roles_of(workspace, maker) == "prepare approve post"


def test_users_are_known_by_one_login(workspace: Workspace) -> None:
    users.add(workspace, "bo", name="Bo", roles=[])
    with pytest.raises(UserExistsError):
        users.add(workspace, "bo", name="Bo again", roles=[])
    with pytest.raises(UnknownUserError):
        users.grant(workspace, "eva", roles=["post"])


def test_the_owner_of_the_files_comes_back_in(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(identity, "may_sign_in", lambda _: False)
    moved = replace(workspace, actor="new-machine")
    users.recover(moved, reason="a new server")
    assert roles_of(workspace, "new-machine") == "prepare approve post administer"
    with workspace.read() as reader:
        (event,) = reader.records("SELECT * FROM audit_event ORDER BY seq DESC LIMIT 1")
    assert (event["step"], event["actor"]) == ("administrator_recovered", "new-machine")
    users.revoke(moved, "new-machine", roles=["post"])
    users.recover(moved, reason="again")
    assert roles_of(workspace, "new-machine") == "prepare approve post administer"
    verify(workspace).require()


def test_somebody_elses_files_are_not_taken_over(workspace: Workspace) -> None:
    import os  # noqa: PLC0415  # only to give the file away

    if os.geteuid() != 0:
        pytest.skip("only the superuser gives files away")
    os.chown(workspace.database, 12345, -1)
    with pytest.raises(NotOwnerError):
        users.recover(replace(workspace, actor="new-machine"), reason="theirs")
