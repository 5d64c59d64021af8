// Gives every source of a statement a name of its own.
#include "engine/sql/scopes.h"

#include <algorithm>

namespace bridge::sql {

void Scopes::open_isolated() {
  isolated_.push_back(starts_.size());
  floors_.push_back(uses_.size());
  open();
}

void Scopes::close() {
  uses_.erase(uses_.begin() + static_cast<std::ptrdiff_t>(starts_.back()), uses_.end());
  starts_.pop_back();
  if (isolated_.empty() || isolated_.back() != starts_.size()) return;
  isolated_.pop_back();
  floors_.pop_back();
}

Status Scopes::add(const Source& source) {
  const std::string& base = source.table->name.text();
  std::string name = base;
  for (std::size_t copy = 2; is_taken(name) || (source.is_aliased && name == base); ++copy) {
    const std::string suffix = "_" + std::to_string(copy);
    name = base.substr(0, max_identifier_bytes_ - suffix.size()) + suffix;
  }
  const bool is_renamed = name != base;
  BRIDGE_ASSIGN_OR_RETURN(Identifier identifier, Identifier::make(name));
  uses_.push_back(SourceUse{&source, std::move(identifier), is_renamed});
  return {};
}

const SourceUse* Scopes::find(const Source* source) const {
  const auto end = uses_.rend() - static_cast<std::ptrdiff_t>(floor());
  const auto found =
      std::find_if(uses_.rbegin(), end, [&](const SourceUse& use) { return use.source == source; });
  return found == end ? nullptr : &*found;
}

bool Scopes::is_local(const Source* source) const {
  const auto first = uses_.begin() + static_cast<std::ptrdiff_t>(starts_.empty() ? 0 : starts_.back());
  return std::any_of(first, uses_.end(), [&](const SourceUse& use) { return use.source == source; });
}

bool Scopes::is_taken(std::string_view name) const {
  return std::any_of(uses_.begin() + static_cast<std::ptrdiff_t>(floor()), uses_.end(),
                     [&](const SourceUse& use) { return use.name.text() == name; });
}

}  // namespace bridge::sql
