using Eos.Kernel;

namespace Eos.Logs;

/// <summary>How grave a line of the log is, in syslog's words, which are EOS's. Larger is graver.</summary>
public enum Severity
{
    Debug = 0,
    Info = 1,
    Notice = 2,
    Warning = 3,
    Error = 4,
    Critical = 5,
    Alert = 6,
    Emergency = 7,
}

/// <summary>The words.</summary>
public static class Severities
{
    private static readonly string[] Words = ["debug", "info", "notice", "warning", "err", "crit", "alert", "emerg"];

    public static string Word(this Severity severity) => Words[(int)severity];

    /// <summary>Null: no such word.</summary>
    public static Severity? Parse(string word) => Array.IndexOf(Words, word == "error" ? "err" : word) is var index and >= 0 ? (Severity)index : null;

    /// <summary>What a wrong word is refused with.</summary>
    public static Refusal Unknown(string word) => new(Errno.Invalid, $"'{word}' is no log level: {string.Join(' ', Words)}");
}
