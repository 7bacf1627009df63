using Eos.Gateway;
using Eos.Kernel;
using Eos.Namespace;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Client;

/// <summary>Links, empty files, and what is said of a file's places.</summary>
public sealed partial class EosClient
{
    /// <summary>Makes a symbolic link; <paramref name="replace"/>: in place of a file or link that is there.</summary>
    public Task LinkAsync(string path, string target, bool replace = false, CancellationToken cancel = default) =>
        AskAsync<Done>(head => new MakeLink(head, path, target, replace), cancel);

    /// <summary>Gives a file the present time, or makes an empty one.</summary>
    /// <param name="placed">A new file has the layout of the directory's files; else a plain one.</param>
    public Task TouchAsync(string path, bool placed = true, bool truncate = false, CancellationToken cancel = default) =>
        AskAsync<Done>(head => new TouchFile(head, path, placed, truncate), cancel);

    /// <summary>Moves a file into another directory and leaves a symbolic link of its name.</summary>
    public Task RenameWithLinkAsync(string path, string directory, CancellationToken cancel = default) =>
        AskAsync<Done>(head => new RenameWithLink(head, path, directory), cancel);

    /// <summary>Says that a filesystem has a file or does not; no byte is moved.</summary>
    public Task TagAsync(string path, FsId fs, DirectoryProtocol.PlaceTag tag, CancellationToken cancel = default) =>
        AskAsync<Done>(head => new TagPlace(head, path, fs, tag), cancel);
}
