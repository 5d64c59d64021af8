// Feeds every file of a corpus folder to a fuzzer's entry, so that builds without libFuzzer keep its findings
// fixed.
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size);

int main(int argument_count, char** arguments) {
  if (argument_count != 2) {
    std::cerr << "usage: " << arguments[0] << " CORPUS_FOLDER\n";
    return 2;
  }
  if (!std::filesystem::is_directory(arguments[1])) {
    std::cerr << "no corpus folder " << arguments[1] << "\n";
    return 1;
  }
  std::size_t replayed = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(arguments[1])) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    std::vector<char> content(std::istreambuf_iterator<char>(file), {});
    std::vector<std::uint8_t> bytes(content.begin(), content.end());
    LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
    ++replayed;
  }
  std::cout << "replayed " << replayed << " inputs\n";
  return replayed == 0 ? 1 : 0;
}
