#!/bin/sh
# Installs kic for serving: build.sh FOLDER PACKAGE…, such as build.sh /opt/kic @kic/cli@0.1.0 @kic/model-mini@0.1.0
# Everything comes from the npm registry; no script of a package runs, and nothing is compiled.
set -eu

if [ $# -lt 2 ]; then
  echo 'build.sh: needs a folder and at least one package, such as /opt/kic @kic/cli@0.1.0' >&2
  exit 2
fi
folder=$1
shift

mkdir -p "$folder"
cd "$folder"
if [ ! -f package.json ]; then printf '{ "private": true }\n' >package.json; fi
npm install --omit=dev --ignore-scripts --no-audit --no-fund "$@"

# ONNX Runtime brings the libraries of all platforms; those of this one are enough.
platform=$(node -p process.platform) arch=$(node -p process.arch)
for library in node_modules/onnxruntime-node/bin/napi-v*/*/*; do
  case $library in
    */"$platform/$arch") ;;
    *) rm -rf "$library" ;;
  esac
done

node_modules/.bin/kic --version
