"""Each file of deploy/ is read by the program that it is for, and PgBouncer carries the app's transactions."""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg
import pytest
import yaml
from plumbing import postgresql, samples
from plumbing.answer_key import read_key
from plumbing.api_client import make_body
from plumbing.checkout import ROOT
from plumbing.server import find_free_port

from quizapp.core.learning.scheduling import Scheduler, SchedulerSettings
from quizapp.core.learning.studyday import StudyCalendar
from quizapp.services import accounts, jobs, study
from quizapp.services.accounts import Role, Viewer
from quizapp.services.library import InputFile, load_files
from quizapp.services.rules import StudyRules
from quizapp.services.submissions import Submission
from quizapp.store.copying import compare, copy_database
from quizapp.store.engine import Database

DEPLOY = ROOT / "deploy"
PATHS = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
Check = Callable[..., str]


@pytest.fixture
def check(tmp_path: Path) -> Check:
    """Run a program on a file; gives what it said. A program that is missing skips the test and says so."""

    def run(program: str, *arguments: str | Path) -> str:
        found = shutil.which(program, path=PATHS)
        if found is None:
            pytest.skip(f"{program} is not installed (docs/operations.md names the packages)")
        done = subprocess.run(
            [found, *arguments], cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False
        )
        said = done.stdout + done.stderr
        assert done.returncode == 0, said
        return said

    return run


@pytest.fixture
def certificate(tmp_path: Path, check: Check) -> Path:
    """A certificate and its key in one file."""
    key, cert, both = (tmp_path / name for name in ("key.pem", "cert.pem", "both.pem"))
    check(
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-subj",
        "/CN=quiz.example.org",
        "-days",
        "1",
        "-keyout",
        key,
        "-out",
        cert,
    )
    both.write_bytes(cert.read_bytes() + key.read_bytes())
    return both


def test_nginx_takes_its_settings(check: Check, certificate: Path, tmp_path: Path) -> None:
    ours = (DEPLOY / "nginx" / "quizapp.conf").read_text()
    ours = re.sub(r"/etc/quizapp/tls/\w+\.pem", str(certificate), ours).replace("/var/log/nginx", str(tmp_path))
    whole = tmp_path / "nginx.conf"
    whole.write_text(f"pid {tmp_path}/pid;\nerror_log stderr;\nevents {{}}\nhttp {{\n{ours}\n}}\n")
    assert "test is successful" in check("nginx", "-t", "-p", tmp_path, "-c", whole)


def test_haproxy_takes_its_settings_without_a_warning(check: Check, certificate: Path, tmp_path: Path) -> None:
    ours = (DEPLOY / "haproxy" / "haproxy.cfg").read_text()
    whole = tmp_path / "haproxy.cfg"
    whole.write_text(ours.replace("/etc/quizapp/tls/quizapp.pem", str(certificate)))
    assert "[ALERT]" not in (said := check("haproxy", "-c", "-f", whole))
    assert "[WARNING]" not in said


def test_systemd_takes_the_service(check: Check, tmp_path: Path) -> None:
    ours = (DEPLOY / "systemd" / "quizapp.service").read_text()
    assert "/opt/quizapp/.venv/bin/quizapp serve" in ours
    ours = ours.replace("/opt/quizapp/.venv/bin/quizapp", sys.executable).replace("/etc/quizapp/environment", "-/none")
    unit = tmp_path / "quizapp.service"
    unit.write_text(ours.replace("Documentation=file:///opt", "#"))
    said = check("systemd-analyze", "verify", "--man=no", unit)
    assert "quizapp.service" not in said, said


def test_patroni_takes_its_settings() -> None:
    program = shutil.which("patroni", path=PATHS)
    if program is None:
        pytest.skip("patroni is not installed (docs/operations.md names the packages)")
    done = subprocess.run(
        [program, "--validate-config", DEPLOY / "patroni" / "patroni.yml"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    # What is left to complain of is that the machines of the example are not there.
    absent = re.compile(
        r"is not reachable|doesn't exist|is not (a )?directory|unreachable|didn't pass|not found in PATH"
    )
    faults = [line for line in (done.stdout + done.stderr).splitlines() if line and not absent.search(line)]
    assert faults == []


def test_gunicorn_takes_its_settings_and_the_app(check: Check, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUIZAPP_DATA_DIR", str(tmp_path / "instance"))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    gunicorn = Path(sys.executable).with_name("gunicorn")
    check(str(gunicorn), "--check-config", "-c", DEPLOY / "gunicorn.conf.py", "quizapp.server:make_app()")


@pytest.mark.parametrize("file", sorted(DEPLOY.rglob("*.yml"), key=str), ids=lambda path: path.name)
def test_what_is_yaml_is_read_as_such(file: Path) -> None:
    assert isinstance(yaml.safe_load(file.read_text()), dict)


def test_the_alerts_ask_for_metrics_that_there_are() -> None:
    told = (ROOT / "quizapp" / "web" / "metrics.py").read_text() + (ROOT / "quizapp" / "watching.py").read_text()
    known = set(re.findall(r'"(quizapp_\w+)"', told))
    rules = yaml.safe_load((DEPLOY / "prometheus" / "alerts.yml").read_text())["groups"][0]["rules"]
    asked = {name for rule in rules for name in re.findall(r"quizapp_\w+", rule["expr"])}
    assert {re.sub(r"_(total|bucket|count)$", "", name) for name in asked} <= known
    operations = (ROOT / "docs" / "operations.md").read_text()
    assert {rule["alert"] for rule in rules} <= set(re.findall(r"`(Quizapp\w+)`", operations))
    assert known <= set(re.findall(r"`(quizapp_\w+?)(?:_total)?`", operations))


def test_no_file_holds_a_password() -> None:
    for path in DEPLOY.rglob("*"):
        if path.is_file() and path.suffix != ".pyc":
            assert not re.search(r"(?i)(password|secret|_key)\s*[:=]\s*['\"]?\w{6,}", path.read_text()), path


def test_the_container_copies_what_there_is() -> None:
    lines = (DEPLOY / "Containerfile").read_text().splitlines()
    (target,) = (line.split()[-1] for line in lines if line.startswith("RUN make "))
    assert re.search(rf"^{re.escape(target)}:", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert lines[-1].startswith('CMD ["quizapp", "serve", "--host", "0.0.0.0"')


@pytest.fixture
def bouncer(postgresql_url: str, tmp_path: Path) -> Iterator[str]:
    """The address of the database through a PgBouncer with our settings and two connections."""
    program = shutil.which("pgbouncer", path=PATHS)
    if program is None:
        pytest.skip("pgbouncer is not installed (docs/operations.md names the packages)")
    folder = re.search(r"host=([^&]+)", postgresql_url)
    name = re.search(r"@/(\w+)", postgresql_url)
    assert folder is not None
    assert name is not None
    port = find_free_port()
    place = folder[1].replace("%2F", "/")
    changes = {
        r"^quizapp = .*": f"quizapp = host={place} dbname={name[1]} user=quizapp",
        r"^listen_port = .*": f"listen_port = {port}",
        r"^auth_type = .*": "auth_type = any",
        r"^auth_file = .*": "",
        r"^default_pool_size = .*": "default_pool_size = 2",
        r"^reserve_pool_size = .*": "reserve_pool_size = 0",
        r"^log_connections = .*": f"logfile = {tmp_path}/log",
    }
    ours = (DEPLOY / "pgbouncer" / "pgbouncer.ini").read_text()
    for old, new in changes.items():
        ours, found = re.subn(old, new, ours, flags=re.MULTILINE)
        assert found == 1, old
    tmp_path.chmod(0o777)
    (tmp_path / "pgbouncer.ini").write_text(ours)
    for parent in [tmp_path, *tmp_path.parents][:3]:
        parent.chmod(parent.stat().st_mode | 0o055)
    process = subprocess.Popen(
        [program, "-q", tmp_path / "pgbouncer.ini"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        **postgresql._unprivileged(),
    )
    address = f"postgresql://quizapp@127.0.0.1:{port}/quizapp"
    try:
        deadline = time.monotonic() + 30
        while True:
            try:
                psycopg.connect(address).close()
                break
            except psycopg.OperationalError:
                assert process.poll() is None
                assert time.monotonic() < deadline
                time.sleep(0.05)
        yield f"{address}?prepare_threshold=none"
    finally:
        process.terminate()
        process.wait(30)


def _study(database: Database, learner: Viewer, rounds: int, now: datetime) -> int:
    calendar = StudyCalendar(ZoneInfo("UTC"), datetime.min.time())
    rules = StudyRules(Scheduler(SchedulerSettings(), calendar), calendar, b"a secret for tests only")
    count = 0
    for number in range(rounds):
        for entry in read_key(samples.DECK).values():
            body = make_body(entry)
            response, rating = body.get("response"), body.get("rating")
            sent = Submission(deck=entry.deck, card=entry.id, revision=1, response=response, rating=rating)
            with database.writing() as session:
                study.answer_card(session, learner, sent, body["key"], rules, now + timedelta(days=number))
            count += 1
    return count


def test_the_app_works_through_a_pool_of_transactions(bouncer: str, sqlite_database: Database) -> None:
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    pooled = Database(bouncer)
    with pooled.writing() as session:
        load_files(session, [InputFile("h.md", samples.SOURCE)], [InputFile("b.yaml", samples.DECK)], now)
    with pooled.writing() as session:
        bob = accounts.add_user(session, "Bob", Role.STUDENT, "three grey herons", now)
    # Connections change between transactions, so whatever hung on one of them would show.
    answered = _study(pooled, bob, 2, now)
    with pooled.writing() as session:
        jobs.enqueue(session, "count", "learner:1", now)
        session.commit()
    done = jobs.run_next(pooled, {"count": lambda session, subject: lambda: lambda session, now: "done"}, lambda: now)
    assert done is not None
    assert copy_database(pooled, sqlite_database, lambda _: None)
    checks = {check.table: check for check in compare(pooled, sqlite_database, lambda _: None)}
    assert (checks["review"].rows, [check.fault for check in checks.values() if check.fault]) == (answered, [])
    pooled.dispose()
