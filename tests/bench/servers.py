"""servers.py: the servers of a measurement: a throw-away PostgreSQL cluster,
nginx with the product's own locations, its workers, and the minimal page.

Everything lives in one directory, listens on unix sockets and on one free
port of the loopback address, and ends when Servers.close() is called.
"""
import glob
import os
import re
import shutil
import socket
import subprocess
import time

TICK = os.sysconf("SC_CLK_TCK")
POSTGRES_CONF = """
listen_addresses = ''
unix_socket_directories = '%s'
shared_buffers = 64MB
jit = off
max_wal_size = 256MB
max_connections = 50
log_min_messages = warning
"""
NGINX_CONF = """
worker_processes 1;
daemon off;
pid {dir}/nginx.pid;
error_log stderr warn;
events {{ worker_connections 256; }}
http {{
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    sendfile on;
    access_log off;
    keepalive_requests 1000000;
    client_body_temp_path {dir}/nginx/body;
    fastcgi_temp_path {dir}/nginx/fastcgi;
    proxy_temp_path {dir}/nginx/proxy;
    uwsgi_temp_path {dir}/nginx/uwsgi;
    scgi_temp_path {dir}/nginx/scgi;
    include {share}/nginx/buildstats-http.conf;
    upstream buildstats {{
        server unix:{dir}/fcgi.sock max_fails=0;
        keepalive 2;
    }}
    upstream minimal {{
        server unix:{dir}/minimal.sock max_fails=0;
        keepalive 1;
    }}
    fastcgi_cache_path {dir}/nginx/cache levels=2 use_temp_path=off
        keys_zone=buildstats:4m max_size=256m inactive=10s;
    limit_req_zone $buildstats_upload_client
        zone=buildstats_upload:1m rate=1000000r/s;
    limit_conn_zone $buildstats_upload_client zone=buildstats_busy:1m;
    limit_req_zone $buildstats_upload_client
        zone=buildstats_live:1m rate=1000000r/s;
    server {{
        listen 127.0.0.1:{port};
        server_name localhost;
        include {share}/nginx/buildstats-locations.conf;
        location = /minimal {{
            include {dir}/minimal.conf;
        }}
    }}
}}
"""


class Failed(Exception):
    """A step failed; the text says which and how."""


def wait_until(what, seconds, ready):
    end = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > end:
            raise Failed("%s: not ready after %d s" % (what, seconds))
        time.sleep(0.02)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def connects(path):
    with socket.socket(socket.AF_UNIX) as s:
        try:
            s.connect(path)
        except OSError:
            return False
    return True


class Servers:
    """Owns the processes; their programs are copies in the scratch directory,
    where the unprivileged user can read them."""

    def __init__(self, top, build, scratch):
        self.top, self.build, self.dir = top, build, scratch
        self.procs = {}
        self.user = "nobody" if os.getuid() == 0 else None
        self.port = free_port()
        self.share = os.path.join(scratch, "share")
        self.bin = os.path.join(scratch, "bin")
        self.pg_bin = sorted(
            glob.glob("/usr/lib/postgresql/*/bin"),
            key=lambda p: int(p.split("/")[4]))[-1]

    # -- preparing

    def install(self):
        for d in ("bin", "share", "pg", "log", "nginx", "nginx/cache"):
            os.makedirs(os.path.join(self.dir, d), exist_ok=True)
        for name in ("xsl", "static", "sql", "nginx"):
            src = os.path.join(self.top, name)
            shutil.copytree(src, os.path.join(self.share, name),
                            dirs_exist_ok=True)
        for name in ("buildstats-fcgi", "buildstats-admin",
                     "tests/minimal_fcgi"):
            shutil.copy(os.path.join(self.build, name), self.bin)
        self.locations()
        if self.user:
            subprocess.run(["chown", "-R", self.user, self.dir], check=True)
        os.chmod(self.dir, 0o755)

    def locations(self):
        """The product's locations, with the scratch directory's paths."""
        conf = os.path.join(self.share, "nginx")
        with open(os.path.join(conf, "buildstats-locations.conf.in")) as f:
            text = f.read().replace("@pkgdatadir@", self.share)
        with open(os.path.join(conf, "buildstats-locations.conf"), "w") as f:
            f.write(text)
        with open(os.path.join(conf, "buildstats-fastcgi.conf")) as f:
            text = re.sub(r"^fastcgi_pass .*$", "fastcgi_pass minimal;",
                          f.read(), flags=re.M)
        with open(os.path.join(self.dir, "minimal.conf"), "w") as f:
            f.write(text)
        with open(os.path.join(self.dir, "nginx.conf"), "w") as f:
            f.write(NGINX_CONF.format(dir=self.dir, share=self.share,
                                      port=self.port))

    def as_user(self, args):
        if not self.user:
            return args
        return ["setpriv", "--reuid", self.user, "--regid", "nogroup",
                "--clear-groups"] + args

    def run(self, *args, **kw):
        r = subprocess.run(self.as_user(list(args)), cwd=self.dir,
                           stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                           stdin=subprocess.DEVNULL, text=True, **kw)
        if r.returncode:
            raise Failed("%s: %s" % (os.path.basename(args[0]), r.stdout))
        return r.stdout

    # -- processes

    def spawn(self, name, args, stdin=subprocess.DEVNULL):
        with open(os.path.join(self.dir, "log", name + ".log"), "a") as log:
            self.procs[name] = subprocess.Popen(
                self.as_user(["setpriv", "--pdeathsig", "TERM"] + args)
                if not self.user else
                ["setpriv", "--pdeathsig", "TERM", "--reuid", self.user,
                 "--regid", "nogroup", "--clear-groups"] + args,
                cwd=self.dir, stdin=stdin, stdout=log, stderr=log)

    def alive(self, name):
        return name in self.procs and self.procs[name].poll() is None

    def stop(self, name, sig="TERM"):
        p = self.procs.pop(name, None)
        if not p:
            return
        p.send_signal(getattr(__import__("signal"), "SIG" + sig))
        try:
            p.wait(20)
        except subprocess.TimeoutExpired:
            p.kill()
            p.wait()

    def close(self):
        for name in list(self.procs):
            self.stop(name, "INT" if name == "postgres" else "TERM")

    def log_of(self, name):
        with open(os.path.join(self.dir, "log", name + ".log"),
                  errors="replace") as f:
            return f.read()[-2000:]

    def wait_socket(self, name, path):
        def ready():
            if not self.alive(name):
                raise Failed("%s ended: %s" % (name, self.log_of(name)))
            return connects(path)
        wait_until(name, 30, ready)

    # -- the servers

    def start_postgres(self):
        data = os.path.join(self.dir, "pg", "data")
        self.run(os.path.join(self.pg_bin, "initdb"), "-D", data, "-U",
                 "bench", "-A", "trust", "--locale=C.UTF-8",
                 "--encoding=UTF8", "--no-instructions")
        with open(os.path.join(data, "postgresql.conf"), "a") as f:
            f.write(POSTGRES_CONF % os.path.join(self.dir, "pg"))
        self.spawn("postgres",
                   [os.path.join(self.pg_bin, "postgres"), "-D", data])
        wait_until("postgres", 30, lambda: subprocess.run(
            [os.path.join(self.pg_bin, "pg_isready"), "-q", "-h",
             os.path.join(self.dir, "pg")]).returncode == 0)

    def conninfo(self, db):
        return "host=%s user=bench dbname=%s" % (
            os.path.join(self.dir, "pg"), db)

    def sql(self, db, text):
        """Rows of the last statement, as lists of texts."""
        out = self.run(os.path.join(self.pg_bin, "psql"), "-XqAt", "-F", "\t",
                       "-v", "ON_ERROR_STOP=1", "-d", self.conninfo(db), "-c",
                       text)
        return [line.split("\t") for line in out.splitlines()]

    def make_database(self, db):
        self.sql("postgres", "CREATE DATABASE " + db)
        self.run(os.path.join(self.bin, "buildstats-admin"), "--db",
                 self.conninfo(db), "--sql-dir",
                 os.path.join(self.share, "sql", "migrate"), "migrate")

    def make_dir(self, name):
        """A directory that the servers may write to."""
        path = os.path.join(self.dir, name)
        os.makedirs(path, exist_ok=True)
        if self.user:
            shutil.chown(path, self.user)
        return path

    def start_workers(self, db, n=4, *more):
        self.stop("workers")
        sock = os.path.join(self.dir, "fcgi.sock")
        self.spawn("workers", [
            os.path.join(self.bin, "buildstats-fcgi"), "--db",
            self.conninfo(db), "--socket", sock, "--workers", str(n),
            "--base", "/buildstats/", "--xsl-dir",
            os.path.join(self.share, "xsl"), *more])
        self.wait_socket("workers", sock)
        wait_until("workers", 30, lambda: self.get("/buildstats/")[0] == 200)

    def start_minimal(self, db):
        sock = os.path.join(self.dir, "minimal.sock")
        with socket.socket(socket.AF_UNIX) as s:
            s.bind(sock)
            s.listen(64)
            os.chmod(sock, 0o666)
            self.spawn("minimal", [os.path.join(self.bin, "minimal_fcgi"),
                                   self.conninfo(db)], stdin=s.fileno())
        wait_until("minimal", 30, lambda: self.get("/minimal")[0] == 200)

    def start_nginx(self):
        self.spawn("nginx", ["nginx", "-e", "stderr", "-p",
                             os.path.join(self.dir, "nginx") + "/", "-c",
                             os.path.join(self.dir, "nginx.conf")])

        def listens():
            if not self.alive("nginx"):
                raise Failed("nginx ended: " + self.log_of("nginx"))
            with socket.socket() as s:
                return s.connect_ex(("127.0.0.1", self.port)) == 0
        wait_until("nginx", 20, listens)

    # -- asking

    def get(self, path, headers=()):
        """(status, body) of one request."""
        import http.client
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            c.request("GET", path, headers=dict(headers))
            r = c.getresponse()
            return r.status, r.read()
        except OSError:
            return 0, b""
        finally:
            c.close()

    def post(self, path, body, headers=(
            ("Content-Type", "application/octet-stream"),)):
        import http.client
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=600)
        try:
            c.request("POST", path, body=body, headers=dict(headers))
            r = c.getresponse()
            return r.status, r.read()
        except OSError as e:
            return 0, str(e).encode()
        finally:
            c.close()

    # -- accounting

    def tree(self, name):
        """Process ids of a server and all of its children."""
        pids, found = [self.procs[name].pid], []
        kids = {}
        for pid, stat in all_stats():
            kids.setdefault(int(stat[1]), []).append(pid)
        while pids:
            pid = pids.pop()
            found.append(pid)
            pids += kids.get(pid, [])
        return found

    def cpu(self, name):
        """CPU seconds of a server: all processes, those that ended too."""
        ticks = 0
        for pid in self.tree(name):
            stat = read_stat(pid)
            if stat:
                ticks += sum(int(x) for x in stat[11:15])
        return ticks / TICK

    def rss(self, pid):
        """(now, at its highest), in bytes."""
        with open("/proc/%d/status" % pid) as f:
            text = f.read()
        return tuple(1024 * int(re.search(k + r":\s+(\d+)", text)[1])
                     for k in ("VmRSS", "VmHWM"))


def read_stat(pid):
    """Fields from the third (state) on, or None if it is gone."""
    try:
        with open("/proc/%d/stat" % pid) as f:
            return f.read().rpartition(") ")[2].split()
    except OSError:
        return None


def all_stats():
    for d in os.listdir("/proc"):
        if d.isdigit():
            stat = read_stat(int(d))
            if stat:
                yield int(d), stat
