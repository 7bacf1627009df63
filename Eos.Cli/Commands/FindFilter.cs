using System.CommandLine;
using System.Globalization;
using Eos.Cli.Render;
using Eos.Kernel;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Cli.Commands;

/// <summary>The options of `find` that say what is looked for.</summary>
internal sealed class FindFilter
{
    /// <summary>How `--ctime ±n` is spelled for the parser, because `--ctime` alone prints the time.</summary>
    public const string Changed = "--ctime-days";

    /// <inheritdoc cref="Changed"/>
    public const string Modified = "--mtime-days";

    private readonly Option<bool> _files = Flag("-f", "Files only.");
    private readonly Option<bool> _directories = Flag("-d", "Directories only.");
    private readonly Option<bool> _empty = Flag("-0", "Files without a byte.");
    private readonly Option<bool> _mixed = Flag("-g", "Files with replicas in several groups.");
    private readonly Option<bool> _hour = Flag("-1", "Older than an hour.");
    private readonly Option<string?> _uid = Value("-uid", "user", "Of this user.");
    private readonly Option<string?> _notUid = Value("-nuid", "user", "Of another user.");
    private readonly Option<string?> _gid = Value("-gid", "group", "Of this group.");
    private readonly Option<string?> _notGid = Value("-ngid", "group", "Of another group.");
    private readonly Option<string?> _mode = Value("-flag", "octal", "With these permissions.");
    private readonly Option<string?> _notMode = Value("-nflag", "octal", "With other permissions.");
    private readonly Option<string?> _changed = Value(Changed, "±days", "Changed more (+) or less (-) than so many days ago; also written --ctime ±days.");
    private readonly Option<string?> _modified = Value(Modified, "±days", "Content changed more (+) or less (-) than so many days ago; also written --mtime ±days.");
    private readonly Option<string?> _attribute = Value("-x", "key=value", "With this attribute; key=* for any value.");
    private readonly Option<string?> _name = Value("--name", "regex", "Some part of the name fits this regular expression.");
    private readonly Option<uint?> _depth = new("--maxdepth") { Description = "So far down; 0: the path alone.", HelpName = "n" };
    private readonly Option<bool> _faultyAcl = Flag("--faultyacl", "With access rules that can't be read.");
    private readonly Option<bool> _stripes = Flag("--stripediff", "Files with more or fewer replicas than their layout wants.");
    private readonly Option<bool> _noVersions = Flag("--skip-version-dirs", "Not in directories of versions.");
    private readonly Names _names;

    public FindFilter(Command command, Names names)
    {
        _names = names;
        Option[] all =
        [
            _files, _directories, _empty, _mixed, _hour, _uid, _notUid, _gid, _notGid, _mode, _notMode, _changed, _modified, _attribute, _name, _depth, _faultyAcl, _stripes,
            _noVersions,
        ];
        foreach (var option in all) command.Options.Add(option);
    }

    /// <param name="now">What ages are counted from.</param>
    public FindQuery Query(ParseResult parsed, Instant now)
    {
        var (files, directories) = (parsed.GetValue(_files), parsed.GetValue(_directories));
        var (changedBefore, changedAfter) = Age(parsed.GetValue(_changed), now);
        var (modifiedBefore, modifiedAfter) = Age(parsed.GetValue(_modified), now);
        if (parsed.GetValue(_hour)) changedBefore = Earlier(changedBefore, now - TimeSpan.FromHours(1));
        var (key, value) = Attribute(parsed.GetValue(_attribute));
        return new FindQuery
        {
            Files = files || !directories,
            Directories = directories || !files,
            MaxDepth = parsed.GetValue(_depth),
            Name = parsed.GetValue(_name) ?? "",
            Uid = Number(parsed.GetValue(_uid), _names.Uid),
            NotUid = Number(parsed.GetValue(_notUid), _names.Uid),
            Gid = Number(parsed.GetValue(_gid), _names.Gid),
            NotGid = Number(parsed.GetValue(_notGid), _names.Gid),
            Mode = Mode(parsed.GetValue(_mode)),
            NotMode = Mode(parsed.GetValue(_notMode)),
            ChangedBefore = changedBefore,
            ChangedAfter = changedAfter,
            ModifiedBefore = modifiedBefore,
            ModifiedAfter = modifiedAfter,
            Attribute = key,
            Value = value,
            Empty = parsed.GetValue(_empty),
            MixedGroups = parsed.GetValue(_mixed),
            WrongStripes = parsed.GetValue(_stripes),
            FaultyAcl = parsed.GetValue(_faultyAcl),
            SkipVersions = parsed.GetValue(_noVersions),
        };
    }

    private static uint? Number(string? typed, Func<string, uint?> of) =>
        typed is null ? null : of(typed) ?? throw new EosException(Errno.Invalid, $"'{typed}' is neither a number nor a known name");

    private static uint? Mode(string? typed)
    {
        if (typed is null) return null;
        var value = 0u;
        foreach (var digit in typed) value = digit is >= '0' and <= '7' && value < 0x200 ? (value << 3) | (uint)(digit - '0') : throw new EosException(Errno.Invalid, $"'{typed}' is no octal mode");
        return value;
    }

    private static (string Key, string Value) Attribute(string? typed)
    {
        if (typed is null) return ("", "*");
        var equals = typed.IndexOf('=');
        if (equals <= 0) throw new EosException(Errno.Invalid, $"-x needs key=value, not '{typed}'");
        return (typed[..equals], typed[(equals + 1)..]);
    }

    /// <summary>`+3`: more than three days ago; `-3`: less.</summary>
    private static (Instant? Before, Instant? After) Age(string? typed, Instant now)
    {
        if (typed is null) return (null, null);
        if (typed.Length < 2 || typed[0] is not ('+' or '-') || !uint.TryParse(typed.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var days) || days > 100_000)
            throw new EosException(Errno.Invalid, $"'{typed}' is neither +days nor -days");
        var then = now - TimeSpan.FromDays(days);
        return typed[0] == '+' ? (then, null) : (null, then);
    }

    private static Instant Earlier(Instant? one, Instant other) => one is { } known && known < other ? known : other;

    private static Option<bool> Flag(string name, string description) => new(name) { Description = description };
    private static Option<string?> Value(string name, string help, string description) => new(name) { Description = description, HelpName = help };
}
