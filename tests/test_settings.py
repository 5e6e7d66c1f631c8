"""Settings come from the environment, typed, and no secret has a default."""

import stat
from pathlib import Path

import pytest

from quizapp.app import create_app
from quizapp.core.errors import Invalid
from quizapp.settings import Settings, load_settings

STRONG = "k3V9-xT2_pQ7wZ5mL8rN1bC4jH6fD0sA"


def _refused(monkeypatch: pytest.MonkeyPatch, **environment: str) -> dict[str, str]:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(Invalid) as caught:
        load_settings()
    return caught.value.fields


def test_without_any_setting_all_is_ready(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    settings = load_settings()
    assert settings.resolved_database_url == f"sqlite:///{tmp_path}/instance/quizapp.db"
    assert (settings.timezone, settings.day_start.isoformat(), settings.trusted_proxies) == ("UTC", "04:00:00", 0)


def test_the_secret_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data")
    secret = settings.find_secret()
    assert len(secret) >= 32
    assert settings.find_secret() == secret
    assert stat.S_IMODE((tmp_path / "data" / "secret-key").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["secret-key"]


def test_two_installations_have_two_secrets(tmp_path: Path) -> None:
    assert Settings(data_dir=tmp_path / "a").find_secret() != Settings(data_dir=tmp_path / "b").find_secret()


def test_a_secret_made_by_another_process_meanwhile_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secret-key").write_text(STRONG)
    seen = iter([False])
    monkeypatch.setattr(Path, "exists", lambda _: next(seen))
    assert Settings(data_dir=tmp_path).find_secret() == STRONG


@pytest.mark.parametrize("weak", ["short", "changethis" * 5, "my-secret-key-that-is-long-enough-to-pass"])
def test_a_weak_secret_is_refused(monkeypatch: pytest.MonkeyPatch, weak: str) -> None:
    assert "random" in _refused(monkeypatch, QUIZAPP_SECRET_KEY=weak)["QUIZAPP_SECRET_KEY"]


def test_a_secret_comes_from_its_variable_or_its_file(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(STRONG + "\n")
    assert Settings(secret_key=STRONG).find_secret() == STRONG
    assert Settings(secret_key_file=file).find_secret() == STRONG


def test_a_secret_file_that_is_missing_or_weak_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="cannot be read"):
        Settings(secret_key_file=tmp_path / "none").find_secret()
    (tmp_path / "weak").write_text("abc")
    with pytest.raises(Invalid, match="shorter"):
        Settings(secret_key_file=tmp_path / "weak").find_secret()


def test_two_secrets_are_one_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    fields = _refused(monkeypatch, QUIZAPP_SECRET_KEY=STRONG, QUIZAPP_SECRET_KEY_FILE="/nowhere")
    assert "not both" in fields["QUIZAPP_*"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("QUIZAPP_TIMEZONE", "Moon/Crater"),
        ("QUIZAPP_TIMEZONE", "../../etc/passwd"),
        ("QUIZAPP_DAY_START", "25:00"),
        ("QUIZAPP_TRUSTED_PROXIES", "-1"),
        ("QUIZAPP_TRUSTED_PROXIES", "many"),
        ("QUIZAPP_PUBLIC_URL", "quiz.example.org"),
        ("QUIZAPP_DATABASE_URL", "mysql://host/name"),
        ("QUIZAPP_DATABASE_URL", "postgresql://u:p@h:notaport/x"),
        ("QUIZAPP_DATABASE_URL", "postgresql"),
        ("QUIZAPP_DAY_START", "04:00Z"),
        ("QUIZAPP_DAY_START", "04:00+02:00"),
        ("QUIZAPP_PUBLIC_URL", "https://"),
        ("QUIZAPP_PUBLIC_URL", "https://["),
        ("QUIZAPP_PUBLIC_URL", "http://fd00::1:8000"),
        ("QUIZAPP_PUBLIC_URL", "http://[fd00::1"),
        ("QUIZAPP_PUBLIC_URL", "http://[fd00::1]:99999"),
        ("QUIZAPP_PUBLIC_URL", "http://[fd00::1]evil.example"),
        ("QUIZAPP_PUBLIC_URL", "http://[fd00::1].evil.example:80"),
        ("QUIZAPP_PUBLIC_URL", "http://me@[fd00::1]:8000"),
        ("QUIZAPP_PUBLIC_URL", "http://[fe80::1%25eth0]:8000"),
        ("QUIZAPP_PUBLIC_URL", "http://[::ffff:127.0.0.1]:8000"),
        ("QUIZAPP_PUBLIC_URL", "http://[::ffff:7f00:1]:8000"),
        ("QUIZAPP_PUBLIC_URL", "http://[v1.a:b]:8000"),
        ("QUIZAPP_PUBLIC_URL", "http://[1::2::3]:8000"),
        ("QUIZAPP_PUBLIC_URL", "http://[127.0.0.1]:8000"),
        ("QUIZAPP_PUBLIC_URL", "https://a b"),
        ("QUIZAPP_PUBLIC_URL", "https://a..b"),
        ("QUIZAPP_PUBLIC_URL", "https://quiz.example.org:99999"),
        ("QUIZAPP_PUBLIC_URL", "https://quiz.example.org:port"),
        ("QUIZAPP_PUBLIC_URL", "https://me:secret@quiz.example.org"),
        ("QUIZAPP_PUBLIC_URL", "https://quiz.example.org/?a=b"),
    ],
)
def test_a_setting_that_is_not_right_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    assert list(_refused(monkeypatch, **{name: value})) == [name]


def test_a_public_address_loses_its_last_slash() -> None:
    assert Settings(public_url="https://quiz.example.org/").public_url == "https://quiz.example.org"


def test_an_ipv6_address_is_kept_as_browsers_write_it() -> None:
    assert Settings(public_url="http://[0:0:0:0:0:0:0:1]:8000/").public_url == "http://[::1]:8000"
    assert Settings(public_url="https://[FD00::00A1]").public_url == "https://[fd00::a1]"


@pytest.mark.parametrize(
    "url",
    [
        *("http://192.0.2.7:8000", "https://quiz.example.org", "http://localhost:8000"),
        *("http://[::1]:8000", "http://[fd00::a1]:8000", "https://[fd00::a1]"),
    ],
)
def test_the_app_answers_for_its_public_address_alone(tmp_path: Path, url: str) -> None:
    client = create_app(Settings(data_dir=tmp_path, public_url=url)).test_client()
    assert client.get("/nowhere", headers={"Host": url.split("//")[1]}).status_code == 404
    for other in ("other.example", "[fd00::2]:8000", "[fd00::a1].other.example", "[fd00::a1]@other.example", "[::"):
        assert client.get("/nowhere", headers={"Host": other}).status_code == 400, other


def test_an_empty_setting_is_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.setenv(f"QUIZAPP_{name.upper()}", "")
    settings = load_settings()
    assert settings.secret_key_file is None
    assert settings.resolved_database_url == f"sqlite:///{tmp_path}/instance/quizapp.db"


def test_a_data_directory_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Invalid, match="QUIZAPP_DATA_DIR"):
        Settings(data_dir=tmp_path / "file" / "data").prepare_data_dir()


def test_backups_lie_in_the_data_directory_elsewhere_or_nowhere(tmp_path: Path) -> None:
    assert Settings(data_dir=tmp_path).backup_folder == tmp_path / "backups"
    assert Settings(data_dir=tmp_path, backups=f"{tmp_path}/else").backup_folder == tmp_path / "else"
    assert Settings(data_dir=tmp_path, backups=" Off ").backup_folder is None
