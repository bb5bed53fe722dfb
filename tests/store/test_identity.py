"""The login is the operating system's or the server's, not what the environment claims."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from workbench.store import identity

HUB = {
    "JUPYTERHUB_API_TOKEN": "token",
    "JUPYTERHUB_SERVICE_PREFIX": "/user/ida/",
    "JUPYTERHUB_USER": "ida",
}


@pytest.fixture(autouse=True)
def _no_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in HUB:
        monkeypatch.delenv(name, raising=False)


@pytest.mark.skipif(os.name != "posix", reason="users have numbers on posix")
def test_the_environment_does_not_say_who_acts(monkeypatch: pytest.MonkeyPatch) -> None:
    import pwd  # noqa: PLC0415  # posix only

    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "mallory")
    assert identity.login() == pwd.getpwuid(os.geteuid()).pw_name


def test_a_server_says_who_its_user_is(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in HUB.items():
        monkeypatch.setenv(name, value)
    assert identity.login() == "ida"
    monkeypatch.delenv("JUPYTERHUB_SERVICE_PREFIX")
    assert identity.login() != "ida"


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="needs the superuser")
def test_a_user_without_a_name_has_a_number() -> None:
    program = """
import os, pwd
from workbench.store import identity

os.setuid(54321)
print(identity.login())
"""
    found = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "uid-54321"
