using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using Eos.Cli.Render;

namespace Eos.Cli;

/// <summary>What is wrong with a line, in words of its own: those of the parser name types of the language.</summary>
internal static class LineProblem
{
    /// <summary>
    /// Null if nothing is. The parser takes an option that it does not know for a path, and complains about the path that follows: here the option is the error, unless
    /// it stands behind `--`.
    /// </summary>
    public static string? Of(ParseResult parsed, IReadOnlyList<string> words)
    {
        if (parsed.Action is HelpAction) return null;
        var options = words.TakeWhile(word => word != "--").Where(word => word.Length > 1 && word[0] == '-' && !EosSpelling.IsNumber(word)).ToHashSet(StringComparer.Ordinal);
        var result = parsed.CommandResult;
        var unknown = result.Tokens.Select(t => t.Value).Concat(parsed.UnmatchedTokens).FirstOrDefault(options.Contains);
        if (unknown is not null) return $"{result.Command.Name} has no option {unknown}";
        if (parsed.Errors.Count == 0) return null;
        var verb = Verb(result);
        var problem = parsed.Errors.Select(e => OfSymbol(e.SymbolResult, verb)).FirstOrDefault(text => text is not null);
        if (problem is not null) return problem;
        if (parsed.UnmatchedTokens.FirstOrDefault() is { } word) return OfWord(word, result, verb);
        if (result.Command.Action is null) return $"{verb} needs one of {Below(result.Command)}";
        return $"usage: {Usage(result.Command, verb)}";
    }

    private static string OfWord(string word, CommandResult result, string verb)
    {
        if (result.Parent is null) return $"there is no command '{word}'; 'eos help' lists them";
        return result.Command.Subcommands.Count > 0 && result.Command.Action is null
            ? $"{verb} has no command '{word}': there are {Below(result.Command)}"
            : $"{verb}: '{word}' is one word too many; usage: {Usage(result.Command, verb)}";
    }

    private static string? OfSymbol(SymbolResult? symbol, string verb) => symbol switch
    {
        ArgumentResult { Parent: OptionResult option } => OfSymbol(option, verb),
        OptionResult option when option.Tokens.Count < option.Option.Arity.MinimumNumberOfValues => $"{verb}: {NameOf(option)} needs <{option.Option.HelpName ?? "value"}>",
        OptionResult option => $"{verb}: '{string.Join(' ', option.Tokens.Select(t => t.Value))}' is no value for {NameOf(option)}",
        ArgumentResult { Tokens.Count: > 0 } argument when argument.Tokens.Count >= argument.Argument.Arity.MinimumNumberOfValues =>
            $"{verb}: '{string.Join(' ', argument.Tokens.Select(t => t.Value))}' is no {argument.Argument.Name}",
        _ => null,
    };

    private static string NameOf(OptionResult option) => option.IdentifierToken?.Value ?? option.Option.Name;

    /// <summary>`file drop`; of the program itself its name.</summary>
    private static string Verb(CommandResult result)
    {
        var names = new List<string>();
        for (SymbolResult? at = result; at is CommandResult { Parent: not null } command; at = command.Parent) names.Insert(0, command.Command.Name);
        return names.Count > 0 ? string.Join(' ', names) : "eos";
    }

    private static string Usage(Command command, string verb) =>
        string.Join(' ', [verb, .. command.Options.Any(o => o is not HelpOption) ? ["[options]"] : Array.Empty<string>(), .. command.Arguments.Where(a => !a.Hidden).Select(CommandReference.Usage)]);

    private static string Below(Command command) => string.Join(", ", command.Subcommands.Where(c => !c.Hidden).Select(c => c.Name).Order(StringComparer.Ordinal));
}
