#!/bin/sh
# Puts Chromium and a Chinese font on this machine for the tests of the pages, where they are missing: Debian's packages, as root.
set -eu

has_chromium() {
  [ -n "${CHROMIUM:-}" ] && return 0
  for name in chromium chromium-browser google-chrome google-chrome-stable chrome-headless-shell headless-shell; do
    command -v "$name" >/dev/null 2>&1 && return 0
  done
  return 1
}

has_font() { command -v fc-list >/dev/null 2>&1 && [ -n "$(fc-list :lang=zh file | head -n 1)" ]; }

packages=
has_chromium || packages="chromium"
has_font || packages="$packages fontconfig fonts-noto-cjk"
[ -n "$packages" ] || exit 0

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
  echo "The tests of the pages need: $packages. Install them (Debian: apt-get install $packages), or name a Chromium in CHROMIUM." >&2
  exit 1
fi
echo "installing for the tests of the pages: $packages"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# shellcheck disable=SC2086 # a list
apt-get install -y -qq --no-install-recommends $packages >/dev/null
has_chromium && has_font
