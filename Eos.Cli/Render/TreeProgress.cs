using static Eos.Gateway.GatewayProtocol;

namespace Eos.Cli.Render;

/// <summary>How far work on a tree is: one line that is written over, for somebody who can see it. Faults are told as they come.</summary>
internal sealed class TreeProgress(Session session, string done)
{
    private bool _shown;

    /// <summary>Does something with a tree and gives the exit code.</summary>
    public static async Task<int> ShowAsync(Session session, string done, Func<Action<TreePart>, Task<TreeDone>> work)
    {
        var progress = new TreeProgress(session, done);
        try
        {
            return (int)(await work(progress.Take)).First;
        }
        finally
        {
            progress.Clear();
        }
    }

    public void Take(TreePart part)
    {
        if (part.Faults.Length > 0) Clear();
        foreach (var fault in part.Faults) session.Terminal.Error.WriteLine(Failure.Line(fault.Why, fault.Text));
        if (!session.ShowsProgress) return;
        _shown = true;
        session.Out.Write($"\r{done} {part.Files} files, {part.Directories} directories");
        session.Out.Flush();
    }

    /// <summary>Takes the line away.</summary>
    public void Clear()
    {
        if (_shown) session.Out.Write("\r\e[K");
        _shown = false;
    }
}
