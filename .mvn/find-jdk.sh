# Sourced by mvnw and cdc: leaves JAVA_HOME at a JDK 25 or newer, or says in one sentence how to get one.

# Prints the major version of the JDK in folder $1; nothing when there is no JDK.
jdk_major() {
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 0
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

# Is there a JDK 25 or newer in folder $1?
jdk_is_recent() {
  major=$(jdk_major "$1")
  [ "${major:-0}" -ge 25 ]
}

find_jdk() {
  jdk_is_recent "${JAVA_HOME-}" && return 0
  on_path=$(command -v javac 2>/dev/null) && on_path=$(readlink -f "$on_path" 2>/dev/null) || on_path=
  for home in \
    "${on_path%/bin/javac}" "${JDK_HOME-}" "${JAVA_25_HOME-}" \
    /usr/lib/jvm/* /usr/java/* /usr/local/java/* /usr/local/openjdk-* /opt/java/* /opt/jdk* \
    "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* "$HOME"/.asdf/installs/java/* \
    "$HOME"/.local/share/mise/installs/java/* "$HOME"/.jenv/versions/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
    if [ -n "$home" ] && jdk_is_recent "$home"; then
      JAVA_HOME=$home
      return 0
    fi
  done
  echo "No JDK 25 or newer was found: install one (for example Eclipse Temurin 25 from https://adoptium.net) and set JAVA_HOME to its folder." >&2
  return 1
}

find_jdk || exit 2
export JAVA_HOME
