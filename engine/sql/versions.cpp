// Which names of revisions may be written into statements.
#include "engine/sql/versions.h"

#include <algorithm>

namespace bridge::sql {
namespace {

constexpr std::size_t kMaxLength = 255;  // of a name in every database that has revisions

bool is_letter(char character) {
  return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z');
}
bool is_digit(char character) { return character >= '0' && character <= '9'; }
bool starts_name(char character) { return is_letter(character) || is_digit(character) || character == '_'; }
bool continues_name(char character) {
  return starts_name(character) || character == '.' || character == '-' || character == '/';
}
bool is_step(char character) { return character == '~' || character == '^' || is_digit(character); }

Error refuse(std::string_view kind) {
  return make_error(ErrorCode::kQuery,
                    std::string(kind) +
                        " is made of letters, digits and `_ . - /`, begins with a letter, digit or `_`, ends "
                        "with neither `.` nor `/`, and has no `..` and `//` in it");
}

bool is_name(std::string_view text) {
  const bool is_sound = !text.empty() && text.size() <= kMaxLength && starts_name(text.front()) &&
                        std::all_of(text.begin(), text.end(), continues_name);
  return is_sound && text.back() != '.' && text.back() != '/' && text.find("..") == std::string_view::npos &&
         text.find("//") == std::string_view::npos;
}

}  // namespace

Result<Revision> Revision::make_name(std::string_view text) {
  if (!is_name(text)) return refuse("the name of a branch or tag");
  return Revision(std::string(text));
}

Result<Revision> Revision::make(std::string_view text) {
  const std::size_t end = std::min(text.find_first_of("~^"), text.size());
  const std::string_view steps = text.substr(end);
  if (!is_name(text.substr(0, end)) || steps.size() > kMaxLength ||
      !std::all_of(steps.begin(), steps.end(), is_step))
    return refuse("a revision, before the steps back with `~` and `^`,");
  return Revision(std::string(text));
}

}  // namespace bridge::sql
