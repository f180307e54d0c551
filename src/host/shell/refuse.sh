# refuse STATUS: why a function of files.sh failed; 5: the lock was not to be had. files/safeFiles.ts reads it.
. ./answers.sh
. ./files.sh

refuse() {
  case $1 in
    2) field missing "" "$folder" ;;
    3) field link "" "$link" ;;
    4) field swapped "" "$folder" ;;
    5) field locked "" "" ;;
    *) field failed "" "${real:-}" ;;
  esac
  exit 1
}
