#!/usr/bin/env bash
# Checks for the system libraries and fonts that reports and tests need. As root on Debian it installs what is
# missing; otherwise it says the line to run and goes on, because HTML, DOCX and XLSX reports work without them.
# With the word "test" it also looks for what tests read pages back with, for the browser that walks them, and for
# the MQTT broker that connectors are tested against.
set -u

missing=()
has_library() { ldconfig -p 2>/dev/null | grep -q "$1" || find /usr/lib /usr/local/lib /opt/homebrew/lib -name "$1*" 2>/dev/null | grep -q .; }

[ "$(uname)" = Linux ] || exit 0
has_library libpango-1.0.so || missing+=(libpango-1.0-0)
has_library libpangoft2-1.0.so || missing+=(libpangoft2-1.0-0)
has_library libharfbuzz-subset.so || missing+=(libharfbuzz-subset0)
find /usr/share/fonts /usr/local/share/fonts "${HOME:-/}/.fonts" -iname '*CJK*' 2>/dev/null | grep -q . || missing+=(fonts-noto-cjk)
if [ "${1:-}" = test ]; then
  command -v pdftotext >/dev/null || missing+=(poppler-utils)
  tesseract --list-langs 2>/dev/null | grep -q chi_sim || missing+=(tesseract-ocr tesseract-ocr-chi-sim)
  command -v chromium >/dev/null || missing+=(chromium)
  command -v mosquitto >/dev/null || [ -x /usr/sbin/mosquitto ] || missing+=(mosquitto)
fi
[ ${#missing[@]} -eq 0 ] && exit 0

line="apt-get install -y ${missing[*]}"
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "缺少系统组件，正在安装：${missing[*]}"
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive $line -qq; } >/dev/null || echo "安装失败；请手工执行：$line"
else
  echo "缺少系统组件（PDF 报告、中文图和测试需要）：${missing[*]}"
  echo "请执行：sudo $line"
fi
exit 0
