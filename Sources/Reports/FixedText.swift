import Glibc

/// A number with so many decimals, rounded to nearest, half away from zero: `fixed(0.6127, decimals: 3)` is `0.613`.
func fixed(_ number: Double, decimals: Int) -> String {
  guard number.isFinite else { return number.isNaN ? "nan" : number < 0 ? "-inf" : "inf" }
  let scale = pow(10, Double(decimals))
  let scaled = (number.magnitude * scale).rounded()
  guard scaled < 1e15 else { return number.description }
  let digits = String(Int(scaled))
  let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
  let sign = number < 0 && scaled > 0 ? "-" : ""
  let point = decimals > 0 ? "." : ""
  return sign + padded.dropLast(decimals) + point + padded.suffix(decimals)
}

/// A number in at most six characters: with fewer decimals where they do not all fit, and as in
/// `1.2e25` where none does.
func brief(_ number: Double, decimals: Int) -> String {
  for decimals in (0...decimals).reversed() {
    let text = fixed(number, decimals: decimals)
    if text.count <= 6 { return text }
  }
  return scientific(number)
}

/// A large number as in `1.2e25`; the decimal is left out where the exponent has three digits.
private func scientific(_ number: Double) -> String {
  let exponent = Int(log10(number.magnitude))
  let decimals = exponent < 100 ? 1 : 0
  let text = fixed(number / pow(10, Double(exponent)), decimals: decimals)
  // 9.96 has been rounded up.
  guard text.hasPrefix("10") || text.hasPrefix("-10") else { return text + "e\(exponent)" }
  return fixed(number < 0 ? -1 : 1, decimals: decimals) + "e\(exponent + 1)"
}

/// A number of bytes in the largest unit that it fills: `812 bytes`, `5.4 kB`.
func inBytes(_ bytes: Int) -> String {
  let units = ["bytes", "kB", "MB", "GB", "TB"]
  var (amount, unit) = (Double(bytes), 0)
  while amount >= 1000, unit < units.count - 1 { (amount, unit) = (amount / 1000, unit + 1) }
  return fixed(amount, decimals: unit == 0 ? 0 : 1) + " " + units[unit]
}

/// So many things: `1 round`, `2 rounds`.
func counted(_ count: Int, _ noun: String) -> String {
  count == 1 ? "1 \(noun)" : "\(count) \(noun)s"
}

extension String {
  /// The text with spaces before it, up to `width` characters.
  func leading(_ width: Int) -> String {
    String(repeating: " ", count: max(0, width - count)) + self
  }

  /// The text with spaces after it, up to `width` characters; what does not fit ends with an ellipsis.
  func trailing(_ width: Int) -> String {
    count > width
      ? prefix(max(0, width - 1)) + "…" : self + String(repeating: " ", count: width - count)
  }
}
