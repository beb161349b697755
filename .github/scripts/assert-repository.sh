#!/usr/bin/env bash
# Fails unless the field `repository` of package.json names the repository that this workflow runs in: npm refuses
# provenance otherwise, after the version has been tagged.
set -euo pipefail
cd "$(dirname "$0")/../.."

url=$(node -p 'const { repository } = require("./package.json"); repository?.url ?? repository ?? ""')
expected="$GITHUB_SERVER_URL/$GITHUB_REPOSITORY"
if [[ "${url#git+}" != "$expected" && "${url#git+}" != "$expected.git" ]]; then
  echo "package.json names the repository '$url'. Set \"repository\" to { \"type\": \"git\", \"url\": \"git+$expected.git\" }."
  exit 1
fi
