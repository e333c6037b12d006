"""web.py: requests to the server under test, good ones and broken ones."""

import http.client
import json
import os
import socket
import urllib.parse

URL = urllib.parse.urlsplit(os.environ.get("BS_URL", "http://localhost/"))


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body
        self.type = headers.get("Content-Type", "").split(";")[0]

    @property
    def text(self):
        return self.body.decode("utf-8", "replace")

    @property
    def json(self):
        return json.loads(self.body)

    def error(self):
        """The sentence of a JSON error, or what came instead."""
        try:
            return self.json["error"]
        except (ValueError, KeyError, TypeError):
            return "not a JSON error: " + self.text[:300]


def request(method, path, body=None, headers=None, timeout=120):
    """path below the base path, or absolute when it begins with '/'."""
    if not path.startswith("/"):
        path = URL.path + path
    conn = http.client.HTTPConnection(URL.hostname, URL.port, timeout=timeout)
    try:
        conn.request(method, path, body, headers or {})
        answer = conn.getresponse()
        return Answer(answer.status, answer.headers, answer.read())
    finally:
        conn.close()


def get(path, **headers):
    return request("GET", path, headers=headers)


def upload(data, content_type="application/x-tar", **headers):
    headers = dict(headers)
    if content_type is not None:
        headers["Content-Type"] = content_type
    return request("POST", "upload", data, headers)


def raw(data, half_close=False, timeout=20):
    """Sends bytes as they are; what came back until the end."""
    with socket.create_connection((URL.hostname, URL.port), timeout) as s:
        s.sendall(data)
        if half_close:
            s.shutdown(socket.SHUT_WR)
        out = b""
        try:
            while True:
                piece = s.recv(65536)
                if not piece:
                    break
                out += piece
        except (TimeoutError, ConnectionError):
            pass
        return out
