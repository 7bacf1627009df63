using Eos.Instance;
using Eos.Views;

namespace Eos.Gateway;

/// <summary>What the commands about spaces, groups, nodes and filesystems have in common.</summary>
internal static class ConfiguredThings
{
    /// <summary>Letters, digits and a few signs; nothing that the configuration's own keys are made with.</summary>
    public static bool IsName(string name) => name.Length is > 0 and <= 255 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ':');

    public static string Key(AdminFacts f, string kind, string name, string key) => ViewConfiguration.KeyOf(f.Settings.Instance, kind, name, key);

    public static Revision Set(AdminFacts f, InstanceState now, string kind, string name, string key, string value) =>
        Revision.Set(ViewConfiguration.Section, Key(f, kind, name, key), value);

    /// <summary>Everything that is configured for the thing, taken away.</summary>
    public static Revision Clear(AdminFacts f, InstanceState now, string kind, string name) => now.Section(ViewConfiguration.Section).Keys
        .Where(key => key.StartsWith(Key(f, kind, name, ""), StringComparison.Ordinal))
        .Aggregate(Revision.None, (revision, key) => revision.And(ViewConfiguration.Section, key, null));

    /// <summary>Both.</summary>
    public static Revision Join(this Revision one, Revision other) => one with { Values = one.Values.SetItems(other.Values) };

    public static IEnumerable<string> Banner(string title) =>
        ["# ------------------------------------------------------------------------------------", $"# {title}", "# ...................................................................................."];
}
