#!/usr/bin/env bash
# Chromium and a font for the browser tests, and a mail server for those of mailboxes: installed from the distribution
# only where they are missing.
set -euo pipefail

wanted=()
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || wanted+=(chromium)
fc-list 2>/dev/null | grep -qi liberation || wanted+=(fonts-liberation)
# Installed on somebody's own machine it would go on serving, so it is only where nothing starts it: in containers and CI.
# Elsewhere its tests are skipped, and say so.
if [ "${CI:-}" = true ] || [ ! -d /run/systemd/system ]; then
  command -v dovecot >/dev/null || [ -x /usr/sbin/dovecot ] || wanted+=(dovecot-imapd)
fi
[ ${#wanted[@]} -eq 0 ] && exit 0

if ! command -v apt-get >/dev/null; then
  echo "The browser tests need: ${wanted[*]}. Install them with this system's package manager, then run make again." >&2
  exit 1
fi
as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || { echo "Install as root first: apt-get install ${wanted[*]}" >&2; exit 1; }
  as_root=(sudo)
fi
echo "Installing ${wanted[*]}"
"${as_root[@]}" apt-get update -qq
DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${wanted[@]}" >/dev/null
