# shellcheck shell=bash
# nginx.sh: an unprivileged nginx on the loopback addresses, with the same
# locations as a real site.

NGINX_WORKERS=4

ipv6_loopback()
{
	grep -qs '^00000000000000000000000000000001 ' /proc/net/if_inet6
}

# Is something listening on a port of the loopback address?  The kernel's
# tables hold addresses in hexadecimal; state 0A is LISTEN.
port_busy()
{
	local hex
	hex=$(printf '%04X' "$1")
	awk -v port="$hex" '$4 == "0A" {
		split($2, at, ":")
		if (at[2] == port && at[1] ~ \
		    /^(0100007F|0*|0000000000000000FFFF00000100007F|0{24}01000000)$/)
			busy = 1
	} END { exit !busy }' /proc/net/tcp /proc/net/tcp6 2>/dev/null
}

port_check()
{
	! port_busy "$PORT" || fail "port $PORT is in use by another program;" \
		"choose another with --port, e.g. --port $((PORT + 1))"
}

nginx_http()
{
	local share=$DATA/install/share/buildstats/nginx own6=
	ipv6_loopback && own6="listen [::1]:$PORT;"
	cat <<-END
		include /etc/nginx/mime.types;
		default_type application/octet-stream;
		sendfile on;
		access_log off;
		client_body_temp_path $DATA/nginx/body;
		fastcgi_temp_path $DATA/nginx/fastcgi;
		proxy_temp_path $DATA/nginx/proxy;
		uwsgi_temp_path $DATA/nginx/uwsgi;
		scgi_temp_path $DATA/nginx/scgi;

		include $share/buildstats-http.conf;

		upstream buildstats {
			server unix:$RUN/web/fcgi.sock max_fails=0;
			keepalive $((NGINX_WORKERS / 2));
			keepalive_timeout 10s;
		}

		fastcgi_cache_path $DATA/nginx/cache levels=2 use_temp_path=off
			keys_zone=buildstats:4m max_size=256m inactive=10s;
		limit_req_zone \$buildstats_upload_client
			zone=buildstats_upload:1m rate=100r/s;
		limit_conn_zone \$buildstats_upload_client
			zone=buildstats_busy:1m;
		limit_req_zone \$buildstats_upload_client
			zone=buildstats_live:1m rate=1000r/s;

		server {
			listen 127.0.0.1:$PORT;
			$own6
			server_name localhost;
			include $share/buildstats-locations.conf;
		}
	END
}

nginx_write()
{
	local dir=$DATA/nginx
	own "$WEB_USER" "$dir" "$dir/cache" && rm -rf "$dir"/cache/* &&
		{
			cat <<-END
				worker_processes 1;
				daemon off;
				pid $dir/nginx.pid;
				error_log stderr warn;
				events {
					worker_connections 512;
				}
				http {
			END
			nginx_http
			echo "}"
		} >"$DATA/nginx.conf"
}

nginx_prepare()
{
	nginx_write || fail "$DATA/nginx: can't be written"
	step nginx-test "Checking nginx's configuration" \
		"Is this a Debian nginx?" as "$WEB_USER" \
		nginx -t -q -e stderr -p "$DATA/nginx/" -c "$DATA/nginx.conf"
}

nginx_spawn()
{
	spawn nginx "$WEB_USER" TERM \
		nginx -e stderr -p "$DATA/nginx/" -c "$DATA/nginx.conf"
}
