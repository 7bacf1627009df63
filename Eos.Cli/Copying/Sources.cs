using Eos.Cli.Commands;
using Eos.Client;
using Eos.Kernel;

namespace Eos.Cli.Copying;

/// <summary>What the sources of a copy stand for: themselves, or where nothing has that name what fits them as a pattern.</summary>
internal static class Sources
{
    public static async Task<List<Place>> ExpandAsync(EosClient client, IEnumerable<Place> typed, CancellationToken cancel)
    {
        var found = new List<Place>();
        foreach (var place in typed)
        {
            if (place.Kind == PlaceKind.Stream || !Glob.IsPattern(place.Path)) found.Add(place);
            else if (place.Kind == PlaceKind.Local) found.AddRange(Local(place));
            else if (await IsThereAsync(client, place.Path, cancel)) found.Add(place);
            else found.AddRange((await Expansion.PathsAsync(client, place.Path, globbing: true, cancel)).Select(path => place with { Path = path }));
        }
        return found;
    }

    private static IEnumerable<Place> Local(Place place)
    {
        if (File.Exists(place.Path) || Directory.Exists(place.Path)) return [place];
        var folder = Path.GetDirectoryName(place.Path) is { Length: > 0 } above ? above : ".";
        var found = Directory.Exists(folder)
            ? new DirectoryInfo(folder).EnumerateFileSystemInfos().Where(e => Glob.Fits(Path.GetFileName(place.Path), e.Name)).OrderBy(e => e.Name, StringComparer.Ordinal)
                .Select(e => place with { Path = Path.Combine(folder, e.Name) }).ToList()
            : [];
        return found.Count > 0 ? found : throw new EosException(Errno.NoEntry, $"nothing fits {place}");
    }

    private static async Task<bool> IsThereAsync(EosClient client, string path, CancellationToken cancel)
    {
        try
        {
            await client.StatAsync(path, cancel);
            return true;
        }
        catch (EosException missing) when (missing.Why == Errno.NoEntry)
        {
            return false;
        }
    }
}
