using System.CommandLine;
using Eos.Cli.Render;

namespace Eos.Cli.Commands;

/// <summary>The options by which a command, too, can be told its form of output, and how rows are printed in each.</summary>
internal sealed class Printing
{
    private readonly Option<bool> _monitoring = new("-m", "--monitoring") { Description = "Print key=value pairs." };
    private readonly Option<bool> _json = new("-j", "--json") { Description = "Print JSON." };

    public static Printing OptionsOf(Command command)
    {
        var printing = new Printing();
        command.Options.Add(printing._monitoring);
        command.Options.Add(printing._json);
        return printing;
    }

    /// <summary>The form asked for behind the command, else the one before it.</summary>
    public Form Form(ParseResult parsed, Session session)
    {
        var form = parsed.GetValue(_json) ? Cli.Form.Json : parsed.GetValue(_monitoring) ? Cli.Form.Monitoring : session.Options.Form;
        session.Options = session.Options with { Form = form };
        return form;
    }

    /// <summary>Rows as lines or in JSON's frame; false when people are to read them and the caller draws.</summary>
    public static bool Rows(Session session, Form form, IEnumerable<Pairs> rows)
    {
        if (form == Cli.Form.Human) return false;
        if (form == Cli.Form.Json) session.Out.WriteLine(Pairs.Envelope(rows));
        else
            foreach (var row in rows) session.Out.WriteLine(row.Line());
        return true;
    }
}
