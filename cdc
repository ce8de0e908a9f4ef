#!/bin/sh
# Runs the cdc command from this source tree, whatever the current folder; builds it first when sources have changed.
set -eu

self=$(readlink -f -- "$0" 2>/dev/null) || self=$0
root=$(CDPATH='' cd -- "$(dirname -- "$self")" && pwd -P)
. "$root/.mvn/find-jdk.sh"

# The demo and the embedded MongoDB live in a module of their own; all else is what production gets.
case ${1-} in
demo | mongo) module=demo main=dev.cdcpipeline.demo.DemoMain ;;
*) module=cli main=dev.cdcpipeline.cli.Main ;;
esac
built=$root/demo/target/built

# Is everything built from the sources as they are, and are all libraries where the class path says?
is_up_to_date() {
  [ -f "$built" ] && [ -f "$root/$module/target/class-path" ] || return 1
  newer=$(cd "$root" && find pom.xml ./*/pom.xml ./*/src/main -newer "$built" 2>/dev/null | head -n 1)
  [ -z "$newer" ] || return 1
  old_ifs=$IFS
  IFS=:
  for jar in $(cat "$root/$module/target/class-path"); do
    [ -f "$jar" ] || { IFS=$old_ifs && return 1; }
  done
  IFS=$old_ifs
}

build() {
  if [ -f "$built" ]; then
    echo "Building what has changed ..." >&2
  else
    echo "Building, once; Maven downloads the libraries it does not have yet. This takes a minute or two ..." >&2
  fi
  mkdir -p "$root/demo/target"
  # The time of the build is that of its start, so that a change made meanwhile is seen next time.
  : >"$built.started"
  (cd "$root" && ./mvnw -q -Dquick -Dmaven.test.skip=true -Dassembly.skipAssembly package -pl demo -am) >&2 || {
    echo "The build failed; its errors are above." >&2
    exit 1
  }
  mv "$built.started" "$built"
}

is_up_to_date || build
# Kafka, Netty and zstd reach into native memory; without the two options the JDK warns of each.
exec "$JAVA_HOME/bin/java" \
  --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -XX:+UseCompactObjectHeaders \
  -XX:+ExitOnOutOfMemoryError \
  -cp "$(echo "$root/$module"/target/cdc-"$module"-*.jar):$(cat "$root/$module/target/class-path")" \
  "$main" "$@"
