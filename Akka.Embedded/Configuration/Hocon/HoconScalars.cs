using System.Globalization;
using System.Numerics;

namespace Akka.Configuration.Hocon;

/// <summary>How simple values are written: numbers, switches, durations, sizes.</summary>
internal static class HoconScalars
{
    public static T Number<T>(string text) where T : INumber<T> =>
        T.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new FormatException($"'{text}' is not a number that fits {typeof(T).Name}");

    public static bool Boolean(string text) => text switch
    {
        "on" or "true" or "yes" => true,
        "off" or "false" or "no" => false,
        _ => throw new NotSupportedException($"Unknown boolean format: {text}"),
    };

    /// <summary>A duration; a number without a unit is in milliseconds, <c>infinite</c> is <see cref="Timeout.InfiniteTimeSpan"/>.</summary>
    public static TimeSpan Duration(string text, bool allowInfinite)
    {
        if (text is "infinite")
            return allowInfinite ? Timeout.InfiniteTimeSpan : throw new FormatException("An infinite duration is not allowed here");
        var (number, unit) = Measure(text);
        var ticks = unit switch
        {
            "ns" or "nano" or "nanos" or "nanosecond" or "nanoseconds" => 1m / TimeSpan.NanosecondsPerTick,
            "us" or "micro" or "micros" or "microsecond" or "microseconds" => TimeSpan.TicksPerMicrosecond,
            "" or "ms" or "milli" or "millis" or "millisecond" or "milliseconds" => TimeSpan.TicksPerMillisecond,
            "s" or "second" or "seconds" => TimeSpan.TicksPerSecond,
            "m" or "minute" or "minutes" => TimeSpan.TicksPerMinute,
            "h" or "hour" or "hours" => TimeSpan.TicksPerHour,
            "d" or "day" or "days" => TimeSpan.TicksPerDay,
            _ => throw new FormatException($"'{text}' is not a duration: unknown unit '{unit}'"),
        };
        return number >= 0 ? new TimeSpan((long)(number * ticks)) : throw new FormatException($"Expected a positive duration instead of '{text}'");
    }

    /// <summary>A number of bytes: powers of 1000 for kB, MB …; powers of 1024 for K, KiB, M, MiB ….</summary>
    public static long ByteSize(string text)
    {
        var (number, unit) = Measure(text);
        return (long)(number * unit switch
        {
            "" or "b" or "B" or "byte" or "bytes" => 1L,
            "kB" or "kilobyte" or "kilobytes" => 1_000L,
            "k" or "K" or "Ki" or "KiB" or "kibibyte" or "kibibytes" => 1L << 10,
            "MB" or "megabyte" or "megabytes" => 1_000_000L,
            "m" or "M" or "Mi" or "MiB" or "mebibyte" or "mebibytes" => 1L << 20,
            "GB" or "gigabyte" or "gigabytes" => 1_000_000_000L,
            "g" or "G" or "Gi" or "GiB" or "gibibyte" or "gibibytes" => 1L << 30,
            "TB" or "terabyte" or "terabytes" => 1_000_000_000_000L,
            "t" or "T" or "Ti" or "TiB" or "tebibyte" or "tebibytes" => 1L << 40,
            "PB" or "petabyte" or "petabytes" => 1_000_000_000_000_000L,
            "p" or "P" or "Pi" or "PiB" or "pebibyte" or "pebibytes" => 1L << 50,
            _ => throw new FormatException($"'{text}' is not a size: unknown unit '{unit}'"),
        });
    }

    private static (decimal Number, string Unit) Measure(string text)
    {
        var end = 0;
        while (end < text.Length && (char.IsAsciiDigit(text[end]) || text[end] is '.' or '-' or '+')) end++;
        return decimal.TryParse(text.AsSpan(0, end), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? (number, text[end..].Trim())
            : throw new FormatException($"'{text}' does not start with a number");
    }
}
