"""The mirror's address: what is encrypted, and what is told of one that leads nowhere. No server needed."""

import pytest

from pipelines.mirror import server
from pipelines.mirror.server import MirrorFailed


@pytest.mark.parametrize(
    ("host", "asked"), [("db.maison.example", {"sslmode": "disable"}), ("localhost", {}), ("", {})]
)
def test_without_tls_is_without(host, asked):
    assert server._tls(host, asked) is False


def test_another_machine_is_checked():
    assert server._tls("db.maison.example", {}).check_hostname


def test_an_authority_that_is_not_there_is_told():
    address = "postgresql://writer:hidden@db.maison.example/bi?sslrootcert=/nowhere.pem"
    with pytest.raises(MirrorFailed, match="sslrootcert holds no certificate") as told:
        server.connect({server.VARIABLE: address})
    assert "hidden" not in str(told.value)
