"""Settings come from the environment, are checked once, and say what is wrong with them."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from leadloop.kernel.errors import Invalid
from leadloop.platform import config
from leadloop.platform.config import Config, kept_secret, load


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in [*Config.model_fields, "database_url"]:
        monkeypatch.delenv(f"LEADLOOP_{name.upper()}", raising=False)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    load.cache_clear()
    yield
    load.cache_clear()


def test_nothing_set_gives_a_private_installation_with_its_own_database_and_no_mail():
    plain = load()
    assert (plain.host, plain.port, plain.public_url) == ("127.0.0.1", 8420, "http://127.0.0.1:8420")
    assert plain.embedded
    assert plain.mail() is None
    assert not plain.debug
    assert set(plain.allowed_hosts) == {"127.0.0.1", "localhost", "[::1]"}


def test_a_checkout_keeps_its_data_beside_the_code_and_an_installation_in_the_users_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "leadloop"\n')
    monkeypatch.chdir(tmp_path)
    assert load().home == tmp_path / ".leadloop"
    monkeypatch.setattr(config, "__file__", str(tmp_path / "site" / "leadloop" / "platform" / "config.py"))
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "another"\n')
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    load.cache_clear()
    assert load().home == tmp_path / "share" / "leadloop"


def test_database_url_is_taken_with_and_without_the_prefix_and_the_prefix_wins(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setenv("DATABASE_URL", "postgres://one@db/shop")
    assert load().database_url == "postgres://one@db/shop"
    assert not load().embedded
    monkeypatch.setenv("LEADLOOP_DATABASE_URL", "postgresql://two@db/shop")
    load.cache_clear()
    assert load().database_url == "postgresql://two@db/shop"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("LEADLOOP_PORT", "eighty"),
        ("LEADLOOP_PORT", "70000"),
        ("LEADLOOP_DEBUG", "perhaps"),
        ("LEADLOOP_LOG_LEVEL", "loud"),
        ("LEADLOOP_SECRET_KEY", "tooshort"),
        ("LEADLOOP_PUBLIC_URL", "crm.invalid"),
        ("LEADLOOP_EMAIL_URL", "http://mail"),
        ("LEADLOOP_EMAIL_URL", "smtp://user:hush@mail:port"),
        ("LEADLOOP_MAX_BODY_BYTES", "7"),
        ("DATABASE_URL", "mysql://user:hush@db/shop"),
        ("LEADLOOP_DATABASE_OWNER_URL", "sqlite:///hush"),
    ],
)
def test_a_wrong_value_names_its_variable_and_the_mend_but_not_the_value(
    variable: str, value: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv(variable, value)
    with pytest.raises(Invalid) as wrong:
        load()
    assert wrong.value.field in {variable, f"LEADLOOP_{variable}"}
    assert wrong.value.mend
    assert value not in str(wrong.value)
    assert "hush" not in str(wrong.value)


def test_an_empty_variable_counts_as_left_out(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LEADLOOP_PORT", "")
    monkeypatch.setenv("LEADLOOP_EMAIL_URL", "")
    assert load().port == 8420
    assert load().mail() is None


def test_what_is_secret_stays_out_of_a_printed_config(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://user:hush@db/shop")
    monkeypatch.setenv("LEADLOOP_EMAIL_URL", "smtp://user:hush@mail")
    monkeypatch.setenv("LEADLOOP_SECRET_KEY", "hush" * 10)
    assert "hush" not in repr(load())
    assert "hush" not in repr(load().mail())


@pytest.mark.parametrize(
    ("url", "host", "port", "tls"),
    [
        ("smtp://user:p%40ss@mail.example.com", "mail.example.com", 587, "starttls"),
        ("smtp://user:p%40ss@mail.example.com:25", "mail.example.com", 25, "starttls"),
        ("smtps://user:p%40ss@mail.example.com", "mail.example.com", 465, "implicit"),
        ("smtp://user:p%40ss@127.0.0.1:2525", "127.0.0.1", 2525, "none"),
        ("smtp://user:p%40ss@[::1]:2525", "::1", 2525, "none"),
    ],
)
def test_a_mail_password_travels_in_clear_only_within_this_machine(url: str, host: str, port: int, tls: str):
    mail = Config(email_url=url).mail()
    assert mail is not None
    assert (mail.host, mail.port, mail.tls) == (host, port, tls)
    assert (mail.user, mail.password) == ("user", "p@ss")


def test_hosts_are_listed_with_commas_and_follow_the_public_address_otherwise(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setenv("LEADLOOP_PUBLIC_URL", "https://leads.example.com/")
    assert load().public_url == "https://leads.example.com"
    assert load().allowed_hosts[0] == "leads.example.com"
    monkeypatch.setenv("LEADLOOP_ALLOWED_HOSTS", "a.example.com, b.example.com,")
    load.cache_clear()
    assert load().allowed_hosts == ("a.example.com", "b.example.com")


def test_the_key_is_made_once_kept_privately_and_the_same_for_all_who_ask_at_once(tmp_path: Path):
    home = tmp_path / "home"
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: Config(home=home).secret(), range(32)))
    assert len(keys) == 1
    assert len(keys.pop()) >= 32
    assert stat.S_IMODE((home / "secret-key").stat().st_mode) == 0o600
    assert [path.name for path in home.iterdir()] == ["secret-key"]


def test_a_given_key_is_used_and_nothing_is_written(tmp_path: Path):
    assert Config(home=tmp_path / "home", secret_key="k" * 40).secret() == "k" * 40
    assert not (tmp_path / "home").exists()


def test_two_secrets_differ(tmp_path: Path):
    assert kept_secret(tmp_path / "one") != kept_secret(tmp_path / "two")
