#!/bin/sh
# The commit guard of Andon: while the build of a branch is red, the branch takes nothing but fixes.
#
# Called as "hook commit-msg FILE" and "hook pre-push REMOTE URL" by git hooks. Reads files below
# <git common dir>/andon, evaluates nothing of what stands in them, asks no network. What it does
# not know, or cannot read, lets every commit through.
#
# Past it for once: ANDON=0 git commit. Out of this repository: andon guard remove.

# "andon guard install" asks git to call its hooks, to see whether this one is among them.
if [ "${ANDON-}" = probe ]; then
  echo "andon guard: $1" >&2
  exit 99
fi
if [ "${ANDON-}" = 0 ] || [ -n "${CI-}" ]; then exit 0; fi
hook=$1
shift
nl='
'
dirs=$(git rev-parse --git-common-dir --git-dir 2>/dev/null) || exit 0
home=${dirs%%"$nl"*}/andon
own=${dirs#*"$nl"}
LC_ALL=C
export LC_ALL

# Whole seconds that a shell can calculate with.
is_seconds() {
  case $1 in '' | 0* | *[!0-9]* | ????????????*) return 1 ;; esac
}

is_hash() {
  case $1 in '' | *[!0-9a-f]* | ?????? | ????? | ???? | ??? | ?? | ?) return 1 ;; esac
}

# Reads lines key=value into the variables below; the first has to be KIND=1.
state='' branch='' running='' sha='' since='' first_bad='' who='' url='' checked='' expires=''
guard='' mode='' branches='' fix='' until='' at='' node='' client=''
read_lines() { # FILE KIND
  [ -f "$1" ] && [ -r "$1" ] || return 1
  lines=0
  while IFS= read -r line || [ -n "$line" ]; do
    lines=$((lines + 1))
    if [ "$lines" -eq 1 ]; then
      [ "$line" = "$2=1" ] || return 1
      continue
    fi
    [ "$lines" -le 40 ] || break
    key=${line%%=*}
    value=${line#*=}
    [ "${#value}" -le 512 ] || continue
    case $value in *[[:cntrl:]]*) continue ;; esac
    case $key in
      state) state=$value ;;
      branch) branch=$value ;;
      running) running=$value ;;
      sha) sha=$value ;;
      since) since=$value ;;
      first-bad) first_bad=$value ;;
      who) who=$value ;;
      url) url=$value ;;
      checked) checked=$value ;;
      expires) expires=$value ;;
      guard) guard=$value ;;
      mode) mode=$value ;;
      branches) branches=$value ;;
      fix) fix=$value ;;
      until) until=$value ;;
      at) at=$value ;;
      node) node=$value ;;
      client) client=$value ;;
    esac
  done <"$1"
  [ "$lines" -gt 0 ]
}

# The name of a branch as the name of a file.
encoded() {
  rest=$1
  name=
  while [ -n "$rest" ]; do
    char=${rest%"${rest#?}"}
    rest=${rest#?}
    case $char in
      %) char=%25 ;; /) char=%2F ;; '"') char=%22 ;; '<') char=%3C ;; '>') char=%3E ;; '|') char=%7C ;;
    esac
    name=$name$char
  done
  printf '%s\n' "$name"
}

# Whether the file says, and may still say, that the build of BRANCH is red.
is_red() { # FILE BRANCH
  state='' branch='' running='' sha='' since='' first_bad='' who='' url='' checked='' expires='' guard=''
  read_lines "$1" andon-status && [ "$state" = failing ] && [ "$branch" = "$2" ] || return 1
  is_seconds "$expires" && [ "$now" -le "$expires" ] || return 1
  if is_seconds "$checked"; then
    [ "$checked" -le $((now + 600)) ] && [ "$checked" -ge $((now - 7200)) ] || return 1
  fi
  is_hash "$sha" || sha=
  is_hash "$first_bad" || first_bad=
  case $url in *[!!-~]*) url= ;; http://?* | https://?*) ;; *) url= ;; esac
}

# Whether the build of BRANCH, or for "every" of any branch, is red.
speaks_of() { # BRANCH
  is_red "$home/status" "$1" && return 0
  [ "$branches" = every ] && is_red "$home/status.d/$(encoded "$1")" "$1"
}

# Whether a first line, in lower case, says that it repairs.
is_fix() { # LINE
  subject=$1
  case $subject in \[*\]\ *) subject=${subject#\[*\] } ;; esac
  case "$subject " in
    # <fix words> (generated)
    bugfix[!a-z]* | fix[!a-z]* | fixed[!a-z]* | fixes[!a-z]* | fixing[!a-z]* | hotfix[!a-z]* | \
      repair[!a-z]* | repairs[!a-z]* | revert[!a-z]* | reverts[!a-z]* | 'roll back'[!a-z]* | \
      rollback[!a-z]* | behebe[!a-z]* | behebt[!a-z]* | behoben[!a-z]* | korrigiere[!a-z]* | \
      korrigiert[!a-z]* | korrektur[!a-z]* | repariere[!a-z]* | repariert[!a-z]* | \
      reparatur[!a-z]* | arregla[!a-z]* | arreglo[!a-z]* | conserta[!a-z]* | 'corrección'[!a-z]* | \
      correction[!a-z]* | corregge[!a-z]* | correzione[!a-z]* | corrige[!a-z]* | 'corrigé'* | \
      corrigir[!a-z]* | repara[!a-z]* | ripara[!a-z]* | 'répare'[!a-z]* | napraw[!a-z]* | \
      naprawa[!a-z]* | naprawia[!a-z]* | poprawka[!a-z]* | 'исправ'* | 'Исправ'* | 'откат'* | \
      'Откат'* | 'почин'* | 'Почин'* | 'düzelt'[!a-z]* | '고침'* | '되돌'* | '버그 수정'* | '복구'* | '수정'* | \
      'バグ修正'* | '不具合修正'* | '修正'* | '修复'* | '修復'* | '回滚'* | '還原'* | '还原'* | '🐛'* | ':bug:'* | \
      '🚑'* | ':ambulance:'* | '💚'* | ':green_heart:'* | '⏪'* | ':rewind:'*) return 0 ;;
    # </fix words>
  esac
  old_ifs=$IFS
  IFS=,
  set -f
  # shellcheck disable=SC2086
  set -- $fix
  set +f
  IFS=$old_ifs
  for word; do
    case $word in
      '') ;;
      *[a-z]) case "$subject " in "$word"[!a-z]*) return 0 ;; esac ;;
      *) case $subject in "$word"*) return 0 ;; esac ;;
    esac
  done
  return 1
}

lower_case() { tr '[:upper:]' '[:lower:]'; }

# A mark in the message, where "git log" and "andon guard log" find it.
record() { # FILE TRAILER
  git -c trailer.separators=: interpret-trailers --in-place --no-divider \
    --if-exists addIfDifferent --trailer "$2" "$1" 2>/dev/null || printf '\n%s\n' "$2" >>"$1"
}

# Asks the window of VS Code that has this repository open: prints what was answered, or nothing.
ask() {
  for each in "$home"/windows/*; do
    node='' client=''
    read_lines "$each" andon-window && [ -x "$node" ] && [ -f "$client" ] || continue
    ELECTRON_RUN_AS_NODE=1 "$node" "$client" "$hook" "$home" "$branch" </dev/null
    return
  done
}

say() { printf 'andon: %s\n' "$1" >&2; }

# How to go on with a message; "git commit --all" works on an index of that name.
say_kept() { # FILE
  all=
  case ${GIT_INDEX_FILE-} in */index.lock) all=' -a' ;; esac
  say "the message is kept; to go on: git commit$all -eF \"$1\""
}

# --- what is known ------------------------------------------------------------------------------

read_lines "$home/guard" andon-guard
[ "$mode" != off ] || exit 0
# Nearly always this is the end: nothing is red.
if [ "$branches" != every ]; then
  read_lines "$home/status" andon-status && [ "$state" = failing ] || exit 0
fi
now=$(date +%s 2>/dev/null)
is_seconds "$now" || exit 0

until=
read_lines "$home/pause" andon-pause && is_seconds "$until" && [ "$until" -gt "$now" ] && exit 0

# --- what is about to happen --------------------------------------------------------------------

case $hook in
  commit-msg)
    target=$(git symbolic-ref -q HEAD 2>/dev/null) || exit 0
    speaks_of "${target#refs/heads/}" || exit 0
    # In the middle of something, on an empty branch, or with nothing in it.
    for each in MERGE_HEAD rebase-merge rebase-apply sequencer; do
      [ -e "$own/$each" ] && exit 0
    done
    for each in CHERRY_PICK_HEAD REVERT_HEAD; do
      git rev-parse --verify --quiet "$each" >/dev/null 2>&1 && exit 0
    done
    git rev-parse --verify --quiet HEAD >/dev/null 2>&1 || exit 0
    git diff --cached --quiet HEAD 2>/dev/null && exit 0

    { text=$(dd bs=65536 count=1 <"$1" | lower_case); } 2>/dev/null
    case $nl$text in *"${nl}fixes-build:"* | *"${nl}andon-override:"*) exit 0 ;; esac
    # Without an editor git says so in this way, and lines with # are no comments.
    comment='#'
    [ "${GIT_EDITOR-}" = : ] && comment=$nl
    rest=$text$nl
    count=0
    first=
    while [ -n "$rest" ] && [ "$count" -lt 100 ]; do
      count=$((count + 1))
      line=${rest%%"$nl"*}
      rest=${rest#*"$nl"}
      case $line in "$comment"*) continue ;; *[![:space:]]*) ;; *) continue ;; esac
      first=${line#"${line%%[![:space:]]*}"}
      break
    done
    # Git itself refuses a message without text.
    [ -n "$first" ] || exit 0
    is_fix "$first" && exit 0
    went='committed all the same' kept='not committed'
    ;;
  pre-push)
    red=
    while read -r _ local remote_ref remote; do
      case $local in *[!0]*) ;; *) continue ;; esac
      case $remote_ref in refs/heads/*) ;; *) continue ;; esac
      speaks_of "${remote_ref#refs/heads/}" || continue
      # What is new there; of a branch or a commit not known here, what no remote has.
      set -- "$remote..$local"
      git cat-file -e "$remote" 2>/dev/null || set -- "$local" --not --remotes
      subjects=$(git log -n 100 --format=%s "$@" 2>/dev/null | lower_case)
      [ -n "$subjects" ] || continue
      git log -n 100 --format=%B "$@" 2>/dev/null |
        grep -i -q -e '^fixes-build:' -e '^andon-override:' && continue
      red=$remote_ref
      while [ -n "$subjects" ]; do
        line=${subjects%%"$nl"*}
        subjects=${subjects#"$line"}
        subjects=${subjects#"$nl"}
        is_fix "$line" && red= && break
      done
      [ -z "$red" ] || break
    done
    [ -n "$red" ] || exit 0
    speaks_of "${red#refs/heads/}" || exit 0
    went='pushed all the same' kept='not pushed'
    ;;
  *) exit 0 ;;
esac

claimed=$sha
until='' sha=''
if read_lines "$home/claim" andon-claim && is_seconds "$until" && [ "$until" -gt "$now" ]; then
  if [ -z "$sha" ] || [ -z "$first_bad" ] || [ "$sha" = "$first_bad" ]; then exit 0; fi
fi
sha=$claimed

# Red for days is no stopped line but a habit: once a day is enough.
if is_seconds "$since" && [ $((now - since)) -gt 259200 ]; then
  at=
  read_lines "$home/told" andon-told && is_seconds "$at" && [ "$at" -le "$now" ] &&
    [ $((now - at)) -lt 86400 ] && exit 0
  printf 'andon-told=1\nat=%s\n' "$now" 2>/dev/null >"$home/told"
fi

# --- what is said -------------------------------------------------------------------------------

red='is red'
if is_seconds "$since" && [ "$since" -le "$now" ]; then
  minutes=$(((now - since) / 60))
  if [ "$minutes" -lt 120 ]; then
    red="has been red for $minutes min"
  elif [ "$minutes" -lt 2880 ]; then
    red="has been red for $((minutes / 60)) h"
  else
    red="has been red for $((minutes / 1440)) days"
  fi
fi
red="the build of $branch $red"
[ "$running" = 1 ] && red="$red, is being built again"
email=$(git config user.email 2>/dev/null)
[ -n "$email" ] && case $who in *"<$email>"*) red="$red since a commit of yours${first_bad:+ ($(printf '%.7s' "$first_bad"))}" ;; esac
red="$red and takes nothing but fixes"

case ${mode:-${guard:-ask}} in
  off) exit 0 ;;
  ask)
    answer=$(ask)
    case $answer in
      fix*)
        [ "$hook" = pre-push ] || repaired=${first_bad:-$sha}
        record "$1" "Fixes-Build: $(printf '%.12s' "${repaired:-build}")"
        exit 0
        ;;
      anyway*)
        answer=${answer#anyway}
        answer=${answer# }
        [ "$hook" = pre-push ] || record "$1" "Andon-Override: ${answer:-no reason given}"
        exit 0
        ;;
      cancel*)
        say "$kept, as chosen: $red."
        [ "$hook" = pre-push ] || say_kept "$1"
        exit 1
        ;;
    esac
    ;;
  block)
    if [ "$hook" = pre-push ]; then
      say "$kept: $red. Push a fix along, or push with ANDON=0."
    else
      say "$kept: $red. A fix begins with \"fix:\"; for anything else add a line \"Andon-Override: why\"."
      say_kept "$1"
    fi
    [ -n "$url" ] && say "$url"
    exit 1
    ;;
esac
say "$red."
if [ "$hook" = pre-push ]; then say "$went."; else say "$went. A fix says so: its message begins with \"fix:\"."; fi
[ -n "$url" ] && say "$url"
exit 0
