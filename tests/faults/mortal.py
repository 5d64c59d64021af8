"""A PostgreSQL of one test's own: it can be killed, started again, and kept from taking sessions."""

from __future__ import annotations

import signal

from tools.servers_kit import postgres
from tools.servers_kit.instance import Instance, find_program, free_port


class MortalServer:
    """A PostgreSQL of this test's own that can be killed and started again at the same address."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self.port = free_port()
        self.url = f"postgresql://bridge@127.0.0.1:{self.port}/postgres"
        instance.prepare_folder()
        self._storage = instance.folder / "cluster"
        initdb = find_program("initdb", *postgres.system_folders())
        instance.run(
            [initdb, "-D", str(self._storage), "-U", "bridge", "-A", "trust", "--no-sync", "--locale=C"]
        )
        self.revive()

    def kill(self) -> None:
        """Ends it at once, sessions included, without a word to them."""
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait()

    def revive(self) -> None:
        """Starts it on what there is."""
        self._start()
        postgres.await_version(self._instance, find_program("psql", *postgres.system_folders()), self.port)

    def revive_recovering(self) -> None:
        """Starts it as one that goes on recovering, and answers whoever connects that it takes nobody yet."""
        (self._storage / "standby.signal").touch()
        self._start("hot_standby=off")

    def finish_recovering(self) -> None:
        """Lets it take sessions."""
        (self._storage / "promote").touch()
        self._process.send_signal(signal.SIGUSR1)

    def _start(self, *more_settings: str) -> None:
        server = find_program("postgres", *postgres.system_folders())
        settings = [
            "listen_addresses=127.0.0.1",
            f"unix_socket_directories={self._instance.folder}",
            "fsync=off",
            *more_settings,
        ]
        options = [word for setting in settings for word in ("-c", setting)]
        arguments = [server, "-D", str(self._storage), "-p", str(self.port), *options]
        self._process = self._instance.spawn(arguments)
        self._instance.await_port(self._process, self.port)
