using System.CommandLine;
using System.CommandLine.Help;
using System.Text;

namespace Eos.Cli.Render;

/// <summary>The reference of the command line as Markdown, made from the definitions of the commands: docs/cli.md.</summary>
internal static class CommandReference
{
    public static string Of(Command root)
    {
        var text = new StringBuilder();
        text.Append("# The command line\n\n");
        text.Append("Made from the definitions of the commands by the test `CommandReferenceTests`; with `EOS_ACCEPT=1` it writes this file anew.\n\n");
        text.Append(root.Description).Append("\n\n");
        text.Append("    eos [options] [command …]\n\n");
        Options(text, root);
        foreach (var command in root.Subcommands.Where(c => !c.Hidden).OrderBy(c => c.Name, StringComparer.Ordinal)) Describe(text, command, "eos", 2);
        return text.ToString();
    }

    private static void Describe(StringBuilder text, Command command, string above, int level)
    {
        var name = $"{above} {command.Name}";
        text.Append(new string('#', level)).Append(' ').Append(name).Append("\n\n");
        if (command.Description is { Length: > 0 } description) text.Append(Safe(description)).Append("\n\n");
        if (command.Aliases.Count > 0) text.Append("Also: ").AppendJoin(", ", command.Aliases.Order(StringComparer.Ordinal).Select(a => $"`{a}`")).Append(".\n\n");
        if (command.Action is not null)
        {
            var parts = command.Arguments.Where(a => !a.Hidden).Select(Usage);
            text.Append("    ").AppendJoin(' ', [name, .. command.Options.Any(o => !o.Hidden) ? ["[options]"] : Array.Empty<string>(), .. parts]).Append("\n\n");
        }
        foreach (var argument in command.Arguments.Where(a => !a.Hidden && a.Description is { Length: > 0 })) text.Append($"- `{argument.Name}`: {Safe(argument.Description!)}\n");
        if (command.Arguments.Any(a => !a.Hidden && a.Description is { Length: > 0 })) text.Append('\n');
        Options(text, command);
        foreach (var below in command.Subcommands.Where(c => !c.Hidden).OrderBy(c => c.Name, StringComparer.Ordinal)) Describe(text, below, name, Math.Min(level + 1, 4));
    }

    private static void Options(StringBuilder text, Command command)
    {
        var options = command.Options.Where(o => !o.Hidden && o is not HelpOption).ToList();
        foreach (var option in options)
        {
            var value = option.Arity.MaximumNumberOfValues == 0 || option.ValueType == typeof(bool) ? "" : $" <{option.HelpName ?? "value"}>";
            text.Append("- ").AppendJoin(", ", option.Aliases.Prepend(option.Name).Distinct().Order(StringComparer.Ordinal).Select(n => $"`{n}{value}`"));
            text.Append(option.Description is { Length: > 0 } description ? $": {Safe(description)}\n" : "\n");
        }
        if (options.Count > 0) text.Append('\n');
    }

    /// <summary>How an argument stands in a line of usage.</summary>
    public static string Usage(Argument argument)
    {
        var name = argument.Arity.MaximumNumberOfValues > 1 ? $"<{argument.Name}>…" : $"<{argument.Name}>";
        return argument.Arity.MinimumNumberOfValues == 0 ? $"[{name}]" : name;
    }

    /// <summary>Angle brackets and stars are meant as they stand.</summary>
    private static string Safe(string text) => text.Replace("<", "\\<", StringComparison.Ordinal).Replace("*", "\\*", StringComparison.Ordinal);
}
