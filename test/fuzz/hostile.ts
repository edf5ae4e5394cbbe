/** Text that breaks things: cells, names, and signs with a meaning somewhere. */

/** Cells where a number is expected. */
export const CELLS: readonly string[] = [
  "", " ", "0", "-0", "-1", "1", "1e0", "1e999", "-1e999", "1e-999", "1e308", "-1e308", "5e-324", "1e-300", "1e30",
  "NaN", "nan", "Infinity", "-inf", "inf", "NA", "null", "true", "0x10", "1_000", "1,5", "1e", "e5", ".", "+", "-",
  "7B", "1.5T", "50%", "9".repeat(400), `1e${"9".repeat(30)}`, "0.30000000000000004", "9007199254740993", "x", "١٢٣",
]; // prettier-ignore

/** Names of columns, domains and targets. */
export const NAMES: readonly string[] = [
  "n_params", "n_tokens", "h_web", "h_code", "loss_a", "loss_b", "h_", "loss_", "split", "run",
  "__proto__", "constructor", "toString", "hasOwnProperty", "length", "valueOf", "prototype",
  "h___proto__", "h_constructor", "loss_toString", "loss___proto__", "h_a\nb", "h_\u001b[2J", "h_\u202eabc",
  "h_ ", " h_x", "h_=cmd|' /C calc'!A0", "h_$(reboot)", "h_a,b", "h_a=b", 'h_a"b', "h_*", "h_</script>", "h_no", "h_1e5",
  "undefined", "NaN", "null", "\ud800", "h_\ud800", "\u0000", "h_\u0000", "é", "h_é", "h_e\u0301", "x".repeat(3000),
]; // prettier-ignore

/** Signs and pieces that text formats are made of. */
export const SIGNS: readonly string[] = [
  ",", ";", "\t", "\n", "\r", "\r\n", "\n\n", '"', '""', "'", "`", "\\", "\\u0000", "{", "}", "[", "]", "(", ")", ":", "=", "!", "#", "%", "&", "*", "&a", "*a", "!!js/function",
  "<", ">", "|", "- ", "? ", "---\n", "...\n", "\u0000", "\u001b[2J", "\u2028", "\ufeff", "\ufffd", "\u202e", "\u009b", "[".repeat(200), "(".repeat(200), "{\"a\":".repeat(200),
]; // prettier-ignore
