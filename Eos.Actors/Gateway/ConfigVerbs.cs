using System.Collections.Immutable;
using System.Globalization;
using Eos.Instance;
using Eos.Kernel;
using static Eos.Gateway.AdminVerdict;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Gateway;

/// <summary>
/// `config`: the configuration of the instance as a whole. The live one has a name; whatever takes its place puts it by first, under that name or as a backup, so that nothing
/// that was ever configured is lost by a word.
/// </summary>
internal static class ConfigVerbs
{
    private const string Comments = "comment";

    public static readonly AdminVerb[] All =
    [
        new("config", "dump", AdminRight.Root, Dump),
        new("config", "ls", AdminRight.Root, List),
        new("config", "save", AdminRight.Root, Save),
        new("config", "load", AdminRight.Root, Load),
        new("config", "export", AdminRight.Root, Export),
        new("config", "reset", AdminRight.Root, Reset),
        new("config", "changelog", AdminRight.Root, ChangeLog),
    ];

    private static AdminVerdict Dump(AdminFacts f)
    {
        var name = f.Word(0);
        return name.Length == 0 || name == f.Instance.Name ? Show(f.Instance.All) : Named(name, rows => Show(rows));
    }

    private static AdminVerdict Show(IEnumerable<KeyValuePair<string, string>> values)
    {
        var all = values.ToList();
        return Rows(all.Select(v => AdminRecord.Empty.Add("key", v.Key).Add("value", v.Value)), all.Select(v => ConfigText.Line(v.Key, v.Value)));
    }

    private static AdminVerdict List(AdminFacts f)
    {
        var (backups, live) = (f.Has("backup"), f.Instance.Name);
        return Look(InstanceRows.Saved, saved => !backups ? Say(saved, ImmutableSortedDictionary<string, string>.Empty) : Look(InstanceRows.Backup, old => Say(saved, old)));

        AdminVerdict Say(ImmutableSortedDictionary<string, string> saved, ImmutableSortedDictionary<string, string> old)
        {
            var names = saved.Keys.Select(k => k[InstanceRows.Saved.Length..]).Append(live).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
                .Select(n => (Name: n, IsLive: n == live)).Concat(old.Keys.Select(k => (Name: k[InstanceRows.Backup.Length..], IsLive: false))).ToList();
            return Rows(
                names.Select(n => AdminRecord.Empty.Add("name", n.Name).Add("active", n.IsLive ? "true" : "false")),
                names.Select(n => $"name: {n.Name}{(n.IsLive ? " *" : "")}").Prepend("Existing Configurations on QuarkDB"));
        }
    }

    private static AdminVerdict Save(AdminFacts f)
    {
        var (name, date) = (f.Word(0), InstanceRows.Date(f.Now, "yyyy-MM-dd HH:mm:ss"));
        if (!IsName(name)) return WrongName(name);
        return Look(InstanceRows.Text + InstanceRows.Saved + name, found =>
        {
            var old = found.GetValueOrDefault(InstanceRows.Text + InstanceRows.Saved + name);
            if (old is not null && !f.Has("force")) return Refuse(Errno.Exists, $"there is a configuration '{name}'; -f replaces it");
            return Change(
                now =>
                {
                    var revision = PutBy(Revision.None with { Name = name, Note = $"saved config {name}" }, now.Name, ConfigText.Of(now), date);
                    if (f.Has("comment")) revision = revision.And(Comments, f.Now.Seconds.ToString(CultureInfo.InvariantCulture), $"{date} {f.Who.Name} {f.Option("comment")}");
                    revision = PutBy(revision, name, ConfigText.Of(now), date);
                    return old is null ? revision : Keep(revision, name, old, f.Now);
                },
                $"success: saved the configuration as '{name}'");
        });
    }

    private static AdminVerdict Load(AdminFacts f)
    {
        var (name, date) = (f.Word(0), InstanceRows.Date(f.Now, "yyyy-MM-dd HH:mm:ss"));
        return Named(name, values => Change(
            now =>
            {
                var revision = Replace(now, values) with { Name = name, Note = $"loaded config {name}" };
                return now.Name == name ? Keep(revision, name, ConfigText.Of(now), f.Now) : PutBy(revision, now.Name, ConfigText.Of(now), date);
            },
            $"success: loaded the configuration '{name}'"));
    }

    /// <summary>The words behind the name are the lines of the file.</summary>
    private static AdminVerdict Export(AdminFacts f)
    {
        var (name, date) = (f.Word(0), InstanceRows.Date(f.Now, "yyyy-MM-dd HH:mm:ss"));
        if (!IsName(name)) return WrongName(name);
        var (values, wrong) = ConfigText.ReadLines(f.Request.Arguments.Skip(1));
        if (wrong is not null) return Refuse(Errno.Invalid, $"'{wrong}' is not 'section:key => value'");
        return Look(InstanceRows.Text + InstanceRows.Saved + name, found =>
        {
            var old = found.GetValueOrDefault(InstanceRows.Text + InstanceRows.Saved + name);
            if (old is not null && !f.Has("force")) return Refuse(Errno.Exists, $"there is a configuration '{name}'; -f replaces it");
            return Change(
                now => now.Name == name
                    ? Revision.Refuse(Errno.Busy, $"'{name}' is the configuration in use")
                    : old is null ? Stored(date) : Keep(Stored(date), name, old, f.Now),
                $"success: exported {values.Count} values to the configuration '{name}'");
        });

        Revision Stored(string at) => PutBy(Revision.None with { Note = $"exported config {name}" }, name, ConfigText.Of(values), at);
    }

    private static AdminVerdict Reset(AdminFacts f) => Change(
        now => Keep(Replace(now, ImmutableSortedDictionary<string, string>.Empty) with { Note = $"reset config {now.Name}" }, now.Name, ConfigText.Of(now), f.Now),
        "success: the configuration has been reset, as it was it is among the backups");

    private static AdminVerdict ChangeLog(AdminFacts f)
    {
        const int Usual = 10;
        if (f.Word(0) is { Length: > 0 } word && !uint.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out _)) return Refuse(Errno.Invalid, $"'{word}' is no number of lines");
        var count = f.Word(0).Length > 0 ? (int)Math.Min(uint.Parse(f.Word(0), CultureInfo.InvariantCulture), int.MaxValue) : Usual;
        return Look(InstanceRows.Log, rows => AdminVerdict.Say(rows.Values.SelectMany(text => text.Split('\n')).TakeLast(count)));
    }

    /// <summary>A configuration that was put by, or a backup; ENOENT.</summary>
    private static AdminVerdict Named(string name, Func<ImmutableSortedDictionary<string, string>, AdminVerdict> decide)
    {
        if (!IsName(name)) return WrongName(name);
        return Text(InstanceRows.Saved, () => Text(InstanceRows.Backup, () => Refuse(Errno.NoEntry, $"there is no configuration '{name}'")));

        AdminVerdict Text(string kind, Func<AdminVerdict> otherwise) =>
            Look(InstanceRows.Text + kind + name, rows => rows.GetValueOrDefault(InstanceRows.Text + kind + name) is { } text ? decide(ConfigText.Read(text)) : otherwise());
    }

    private static Revision Replace(InstanceState now, ImmutableSortedDictionary<string, string> values)
    {
        var gone = now.All.Where(v => !values.ContainsKey(v.Key)).Select(v => KeyValuePair.Create(v.Key, (string?)null));
        return Revision.None with { Values = gone.Concat(values.Select(v => KeyValuePair.Create(v.Key, (string?)v.Value))).ToImmutableSortedDictionary(StringComparer.Ordinal) };
    }

    private static Revision PutBy(Revision revision, string name, string text, string date) =>
        revision.AndRow(InstanceRows.Saved + name, date).AndRow(InstanceRows.Text + InstanceRows.Saved + name, text);

    private static Revision Keep(Revision revision, string name, string text, Instant now)
    {
        var backup = $"{InstanceRows.Backup}{name}-{InstanceRows.Date(now, "yyyyMMddHHmmss")}";
        return revision.AndRow(backup, InstanceRows.Date(now, "yyyy-MM-dd HH:mm:ss")).AndRow(InstanceRows.Text + backup, text);
    }

    private static bool IsName(string name) => name.Length is > 0 and <= 128 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');

    private static AdminVerdict WrongName(string name) => Refuse(Errno.Invalid, $"'{name}' is no name of a configuration: letters, digits, . - and _ only");
}
