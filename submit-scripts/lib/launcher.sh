# shellcheck shell=bash
# What the launcher scripts share: finding Java, Spark's jars and the application jar.
# Sourced, never run. It keeps to bash 3.2 and to options that BSD and GNU tools have in common:
# macOS ships no newer bash. There `set -e` does not see a failed ( ) or a failure inside a function
# called with ||, so whatever can fail here says so itself.

# The caller has set `here` to the directory of the scripts and PROGRAM to its name in messages.
ROOT=$(dirname "${here:?}")

# Hadoop's login code calls what Java 24 took away.
OLDEST_JAVA=17
NEWEST_JAVA=23

say() { printf '%s: %s\n' "${PROGRAM:?}" "$*" >&2; }

# die [-CODE] MESSAGE: code 1 is a failure, 2 a wrong call or set-up.
die() {
  local code=1
  case $1 in -[0-9]) code=${1#-} && shift ;; esac
  say "$@"
  exit "$code"
}

# ---------------------------------------------------------------------------------------------------
# Locks
# ---------------------------------------------------------------------------------------------------

# with_lock DIR WHAT COMMAND...: runs COMMAND while nobody else holds DIR. mkdir is the one atomic
# test-and-set that every system has. COMMAND runs in a subshell, whose EXIT trap frees the lock
# however it ends; only kill -9 leaves a lock behind, and then its owner is seen to be dead.
with_lock() {
  local lock=$1 what=$2
  shift 2
  (
    acquire_lock "$lock" "$what"
    trap 'rm -rf "$lock"' EXIT
    trap 'exit 130' INT TERM HUP
    "$@"
  ) || exit $?
}

acquire_lock() {
  local lock=$1 what=$2 waited=0
  mkdir -p "$(dirname "$lock")" || die "cannot write to $(dirname "$lock")"
  until mkdir "$lock" 2>/dev/null; do
    [ -d "$lock" ] || [ -w "$(dirname "$lock")" ] || die "cannot write to $(dirname "$lock")"
    if ! lock_is_held "$lock"; then
      break_lock "$lock"
    elif [ "$waited" -eq 0 ]; then
      say "waiting for another process that is $what"
    fi
    waited=$((waited + 1))
    [ "$waited" -lt 1800 ] || die "still waiting after half an hour; if nothing is $what, remove $lock"
    sleep 1
  done
  echo "$(uname -n) $$" >"$lock/owner"
}

# A lock without an owner is one that is being taken just now; one of another machine (a shared home
# directory) cannot be judged from here.
lock_is_held() {
  local host='' pid=''
  [ -d "$1" ] || return 1
  read -r host pid 2>/dev/null <"$1/owner" || return 0
  [ "$host" != "$(uname -n)" ] || kill -0 "$pid" 2>/dev/null
}

# Removing a dead owner's lock takes a lock of its own: of two that saw it dead, the second must not
# remove what the first has just taken.
break_lock() {
  mkdir "$1.break" 2>/dev/null || return 0
  lock_is_held "$1" || rm -rf "$1"
  rmdir "$1.break"
}

# ---------------------------------------------------------------------------------------------------
# Java, Maven, versions
# ---------------------------------------------------------------------------------------------------

# Sets JAVA.
find_java() {
  local version
  JAVA=java
  [ -z "${JAVA_HOME:-}" ] || JAVA=$JAVA_HOME/bin/java
  command -v "$JAVA" >/dev/null || die -2 "no $JAVA: install Java $OLDEST_JAVA or set JAVA_HOME"
  # 'openjdk version "17.0.2"', 'java version "1.8.0_292"'; JAVA_TOOL_OPTIONS may print a line before.
  version=$("$JAVA" -version 2>&1 | sed -n 's/^.* version "\(1\.\)\{0,1\}\([0-9][0-9]*\).*$/\2/p') || true
  [ -n "$version" ] || die -2 "$JAVA does not run: install Java $OLDEST_JAVA or set JAVA_HOME"
  if [ "$version" -lt "$OLDEST_JAVA" ] || [ "$version" -gt "$NEWEST_JAVA" ]; then
    die -2 "Java $OLDEST_JAVA to $NEWEST_JAVA is needed, $JAVA is $version: set JAVA_HOME"
  fi
}

# maven ARGUMENT...: quiet, and never on our stdout or from our stdin, which belong to the command.
maven() {
  command -v mvn >/dev/null || die -2 "Maven (mvn) is needed to build or to fetch Spark, and is not on the PATH"
  mvn -q -B -Dstyle.color=never "$@" </dev/null >&2
}

# The first <NAME> of the root pom, which is the single place for versions.
pom_value() {
  [ ! -f "$ROOT/pom.xml" ] || sed -n "s/^ *<$1>\(.*\)<\/$1>.*/\1/p" "$ROOT/pom.xml" | sed -n 1p
}

deeplog_version() {
  local version
  version=$(pom_value version)
  if [ -z "$version" ] && [ -f "${DEEPLOG_JAR:-}" ]; then
    version=$(unzip -p "$DEEPLOG_JAR" META-INF/MANIFEST.MF 2>/dev/null |
      sed -n 's/^Implementation-Version: \([^[:cntrl:]]*\).*/\1/p') || true
  fi
  echo "${version:-unknown}"
}

# ---------------------------------------------------------------------------------------------------
# Spark
# ---------------------------------------------------------------------------------------------------

cache_dir() {
  if [ -n "${DEEPLOG_CACHE:-}" ]; then
    echo "$DEEPLOG_CACHE"
  elif [ -n "${XDG_CACHE_HOME:-}" ]; then
    echo "$XDG_CACHE_HOME/deeplog"
  else
    echo "${HOME:?neither DEEPLOG_CACHE nor HOME is set}/.cache/deeplog"
  fi
}

# Sets and exports SPARK_HOME: the user's own, or a directory with Spark's jars from Maven.
# OWN_SPARK says which (yes or no).
# shellcheck disable=SC2034
find_spark() {
  local version
  if [ -n "${SPARK_HOME:-}" ] && [ -x "$SPARK_HOME/bin/spark-submit" ]; then
    OWN_SPARK=yes
    check_own_spark
  else
    version=$(pom_value spark.version)
    [ -n "$version" ] || die -2 "no Spark: set SPARK_HOME to a Spark 3.5 for Scala 2.12"
    [ -z "${SPARK_HOME:-}" ] || say "SPARK_HOME=$SPARK_HOME has no bin/spark-submit; using Spark $version from Maven"
    OWN_SPARK=no
    SPARK_HOME=$(cache_dir)/spark-$version
    [ -d "$SPARK_HOME" ] || with_lock "$SPARK_HOME.lock" "fetching Spark" fetch_spark "$version"
    # Set by the scripts of a Spark distribution, which are not there.
    export SPARK_SCALA_VERSION=2.12
  fi
  export SPARK_HOME
}

# Another Scala or Spark 4 would only show as a NoSuchMethodError in mid-job.
check_own_spark() {
  local jar
  for jar in "$SPARK_HOME"/jars/spark-core_*.jar; do
    case ${jar##*/} in
      'spark-core_*.jar' | spark-core_2.12-3.*) ;;
      *) die -2 "DeepLog needs Spark 3.5 for Scala 2.12; SPARK_HOME=$SPARK_HOME holds ${jar##*/}" ;;
    esac
  done
}

# Fills a directory of its own and renames it when it is whole, so that an interrupted download never
# counts. Called with the lock held: other temporary directories are dead.
fetch_spark() {
  local version=$1 temporary=$SPARK_HOME.tmp
  [ ! -d "$SPARK_HOME" ] || return 0
  say "fetching the jars of Spark $version through Maven into $SPARK_HOME (280 MB, once)"
  rm -rf "$temporary"
  mkdir -p "$temporary/conf" || die "cannot write to $temporary"
  maven -f "$here/spark-runtime/pom.xml" dependency:copy-dependencies -DincludeScope=runtime \
    "-DoutputDirectory=$temporary/jars" ||
    die "could not fetch Spark's jars; or set SPARK_HOME to a Spark 3.5 for Scala 2.12"
  mv "$temporary" "$SPARK_HOME" || die "cannot write to $SPARK_HOME"
}

# spark_class CLASS ARGUMENT...: becomes that program, as bin/spark-class of a distribution does (and
# through it, where there is one). Spark's launcher writes the command line: it knows what Java 17 needs
# opened, turns the driver's memory and options into JVM flags, and reads spark-defaults.conf,
# HADOOP_CONF_DIR and the like.
spark_class() {
  local word newline=$'\n' status=1 command=()
  if [ -x "$SPARK_HOME/bin/spark-class" ]; then
    exec "$SPARK_HOME/bin/spark-class" "$@"
  fi
  # Words end in NUL. The first is what the JVM had to say; the second begins with a newline; after the
  # command's comes the exit code.
  while IFS= read -r -d '' word; do
    command+=("${word#$newline}")
  done < <(
    "$JAVA" -Xmx128m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp "$SPARK_HOME/jars/*" \
      org.apache.spark.launcher.Main "$@" || failed=$?
    printf '%d\0' "${failed:-0}"
  )
  [ ${#command[@]} -eq 0 ] || status=${command[${#command[@]} - 1]}
  [ "$status" = 0 ] && [ ${#command[@]} -gt 2 ] || exit "$status"
  exec "${command[@]:1:${#command[@]}-2}"
}

# ---------------------------------------------------------------------------------------------------
# The application jar
# ---------------------------------------------------------------------------------------------------

# Sets JAR, building it first where there are sources that it does not hold.
find_jar() {
  JAR=${DEEPLOG_JAR:-$ROOT/jobs/target/deeplog.jar}
  # Spark takes lists of jars, as URIs; a class path is split at colons.
  case $ROOT$JAR in
    *[,:%#\?]*) die -2 "Spark cannot use a path with one of , : % # ? in it: $JAR" ;;
  esac
  if [ -n "${DEEPLOG_JAR:-}" ]; then
    [ -f "$JAR" ] || die -2 "DEEPLOG_JAR=$JAR is not a file"
  elif [ -d "$ROOT/jobs/src" ]; then
    ! jar_is_outdated || with_lock "$ROOT/jobs/target/deeplog.lock" "building deeplog.jar" build_jar
  elif [ ! -f "$JAR" ]; then
    die -2 "neither sources nor a jar in $ROOT: set DEEPLOG_JAR to deeplog.jar"
  fi
}

# While the marker is there a build is under way, or was interrupted and may have left half a jar.
jar_is_outdated() {
  [ ! -f "$JAR" ] || [ -e "$JAR.building" ] || [ -n "$(newer_sources)" ]
}

newer_sources() {
  local source sources=()
  for source in "$ROOT"/pom.xml "$ROOT"/{common,jobs}/pom.xml "$ROOT"/{common,jobs}/src/main "$ROOT"/conf/*.yaml; do
    [ ! -e "$source" ] || sources+=("$source")
  done
  find "${sources[@]}" -type f -newer "$JAR"
}

# Removes the old jar first, so that a job that runs from it keeps its file, and gives the new one the
# time at which the build began: a source saved meanwhile is newer.
build_jar() {
  local by_hand="mvn -DskipTests package"
  # Somebody else may have built it while this process waited.
  jar_is_outdated || return 0
  say "building $JAR"
  { : >"$JAR.building" && rm -f "$JAR"; } || die "cannot write to ${JAR%/*}"
  maven -f "$ROOT/pom.xml" -pl jobs -am -Dmaven.test.skip=true package ||
    die "the build failed; to run it by hand: cd '$ROOT' && $by_hand"
  [ -f "$JAR" ] || die "the build left no $JAR; to run it by hand: cd '$ROOT' && $by_hand"
  touch -r "$JAR.building" "$JAR" && rm -f "$JAR.building"
}
