#!/usr/bin/env bash
# Fails unless the registry shows provenance for the version in package.json, or for the package that is given, and its
# signatures hold.
set -euo pipefail
cd "$(dirname "$0")/../.."

package=${1:-$(node -p 'const { name, version } = require("./package.json"); `${name}@${version}`')}
expected='https://slsa.dev/provenance/v1'

# A registry shows a new version after some seconds.
for _ in $(seq "${ATTEMPTS:-20}"); do
  found=$(npm view "$package" dist.attestations.provenance.predicateType --prefer-online 2>/dev/null || true)
  [[ "$found" == "$expected" ]] && break
  sleep 6
done
if [[ "$found" != "$expected" ]]; then
  echo "The registry shows no provenance for $package (found '$found', expected '$expected')."
  exit 1
fi

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true }' > package.json
npm install --ignore-scripts --no-fund --no-audit --prefer-online "$package"
npm audit signatures
echo "$package tells where it was built."
